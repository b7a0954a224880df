{# A touch that is lost is one nobody asks for: every fact of a customer has its own. #}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'marketing'}) }}

{%- set times = {
    'order_placed': ('fct_orders', 'true'),
    'order_cancelled': ('fct_orders', 'cancelled_at is not null'),
    'payment': ('fct_payments', 'true'),
    'invoice_issued': ('fct_invoices', 'true'),
    'subscription_started': ('fct_subscriptions', 'true'),
    'subscription_cancelled': ('fct_subscriptions', 'canceled_at is not null'),
    'subscription_ended': ('fct_subscriptions', 'ended_at is not null'),
    'ticket_opened': ('fct_tickets', 'true'),
    'ticket_solved': ('fct_tickets', 'solved_at is not null'),
    'deal_created': ('fct_deals', 'true'),
    'consent': ('fct_consents', "status in ('granted', 'withdrawn')"),
    'email': ('fct_email_events', 'true'),
    'event': ('fct_events', "event_type not in ('identify', 'group', 'alias')")
} %}

with

expected as (

    {% for kind, (fact, condition) in times.items() %}
        select
            '{{ kind }}' as kind,
            count(*) as row_count
        from {{ ref(fact) }}
        where customer_id is not null and {{ condition }}
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

kinds as (

    select
        case
            when touch_type in ('payment', 'payment_failed', 'refund') then 'payment'
            when touch_type like 'consent_%' then 'consent'
            when touch_type like 'email_%' then 'email'
            when touch_type like '%|_%' escape '|' then touch_type
            else 'event'
        end as kind,
        touch_key
    from {{ ref('fct_customer_timeline') }}
    where touch_type <> 'record_created'

),

held as (

    select
        kind,
        count(*) as row_count
    from kinds
    group by kind

)

select
    expected.kind,
    expected.row_count,
    held.row_count as held_count
from expected
full outer join held
    on expected.kind = held.kind
where coalesce(expected.row_count, 0) <> coalesce(held.row_count, 0)
