{#- What sources delivered, straight from staging, against what the facts hold. -#}
with

app_database_logins as (

    select * from {{ ref('stg_app_database__logins') }}

),

app_database_orders as (

    select * from {{ ref('stg_app_database__orders') }}

),

files_orders as (

    select * from {{ ref('stg_files__orders') }}

),

hubspot_deals as (

    select * from {{ ref('stg_hubspot__deals') }}

),

klaviyo_events as (

    select * from {{ ref('stg_klaviyo__events') }}

),

klaviyo_metrics as (

    select * from {{ ref('stg_klaviyo__metrics') }}

),

klaviyo_email_metrics as (

    select * from {{ ref('klaviyo_email_metrics') }}

),

segment_events_events as (

    select * from {{ ref('stg_segment_events__events') }}

),

shopify_orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

shopify_order_line_items as (

    select * from {{ ref('stg_shopify__order_line_items') }}

),

stripe_charges as (

    select * from {{ ref('stg_stripe__charges') }}

),

stripe_invoices as (

    select * from {{ ref('stg_stripe__invoices') }}

),

stripe_refunds as (

    select * from {{ ref('stg_stripe__refunds') }}

),

stripe_subscriptions as (

    select * from {{ ref('stg_stripe__subscriptions') }}

),

zendesk_tickets as (

    select * from {{ ref('stg_zendesk__tickets') }}

),

deals as (

    select * from {{ ref('fct_deals') }}

),

email_events as (

    select * from {{ ref('fct_email_events') }}

),

events as (

    select * from {{ ref('fct_events') }}

),

invoices as (

    select * from {{ ref('fct_invoices') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

payments as (

    select * from {{ ref('fct_payments') }}

),

subscriptions as (

    select * from {{ ref('fct_subscriptions') }}

),

tickets as (

    select * from {{ ref('fct_tickets') }}

),

charges_and_refunds as (

    select amount from stripe_charges
    union all
    select amount from stripe_refunds

),

lines_in_orders as (

    select
        order_lines.*,
        coalesce(orders.is_test, true) as is_left_out
    from shopify_order_line_items as order_lines
    left join shopify_orders as orders
        on order_lines.order_id = orders.order_id

),

mailed as (

    select
        events.*,
        metrics.metric_id is not null and email_metrics.metric_name is null as is_left_out
    from klaviyo_events as events
    left join klaviyo_metrics as metrics
        on events.metric_id = metrics.metric_id
    left join klaviyo_email_metrics as email_metrics
        on metrics.metric_name = email_metrics.metric_name

),

staged as (

    select
        'fct_orders' as fact,
        'shopify' as source,
        count(*) as row_count,
        count(case when is_test then 1 end) as left_out_count,
        sum(total_amount) as amount,
        sum(case when is_test then total_amount else 0 end) as left_out_amount
    from shopify_orders

    union all

    select
        'fct_orders' as fact,
        'app_database' as source,
        count(*) as row_count,
        0 as left_out_count,
        sum(amount) as amount,
        0 as left_out_amount
    from app_database_orders

    union all

    -- A row of a file is a line; rows that share an order's id are one order.
    select
        'fct_orders' as fact,
        'files' as source,
        count(distinct coalesce(dataset || ':' || order_id, record_id)) as row_count,
        0 as left_out_count,
        sum(amount) as amount,
        0 as left_out_amount
    from files_orders

    union all

    select
        'fct_order_lines' as fact,
        'shopify' as source,
        count(*) as row_count,
        count(case when is_left_out then 1 end) as left_out_count,
        sum(amount) as amount,
        sum(case when is_left_out then amount else 0 end) as left_out_amount
    from lines_in_orders

    union all

    select
        'fct_order_lines' as fact,
        'files' as source,
        count(*) as row_count,
        0 as left_out_count,
        sum(amount) as amount,
        0 as left_out_amount
    from files_orders

    union all

    select
        'fct_invoices' as fact,
        'stripe' as source,
        count(*) as row_count,
        0 as left_out_count,
        sum(total_amount) as amount,
        0 as left_out_amount
    from stripe_invoices

    union all

    select
        'fct_payments' as fact,
        'stripe' as source,
        count(*) as row_count,
        0 as left_out_count,
        sum(amount) as amount,
        0 as left_out_amount
    from charges_and_refunds

    union all

    select
        'fct_subscriptions' as fact,
        'stripe' as source,
        count(*) as row_count,
        0 as left_out_count,
        sum(unit_amount) as amount,
        0 as left_out_amount
    from stripe_subscriptions

    union all

    select
        'fct_deals' as fact,
        'hubspot' as source,
        count(*) as row_count,
        0 as left_out_count,
        sum(amount) as amount,
        0 as left_out_amount
    from hubspot_deals

    union all

    select
        'fct_tickets' as fact,
        'zendesk' as source,
        count(*) as row_count,
        0 as left_out_count,
        null as amount,
        null as left_out_amount
    from zendesk_tickets

    union all

    select
        'fct_email_events' as fact,
        'klaviyo' as source,
        count(*) as row_count,
        count(case when is_left_out then 1 end) as left_out_count,
        null as amount,
        null as left_out_amount
    from mailed

    union all

    select
        'fct_events' as fact,
        'segment_events' as source,
        count(*) as row_count,
        0 as left_out_count,
        null as amount,
        null as left_out_amount
    from segment_events_events

    union all

    select
        'fct_events' as fact,
        'app_database' as source,
        count(*) as row_count,
        0 as left_out_count,
        null as amount,
        null as left_out_amount
    from app_database_logins

),

{% set amounts = {
    'fct_deals': 'sum(amount)', 'fct_email_events': 'null', 'fct_events': 'null',
    'fct_invoices': 'sum(amount)', 'fct_order_lines': 'sum(amount)', 'fct_orders': 'sum(amount)',
    'fct_payments': 'sum(amount)', 'fct_subscriptions': 'sum(unit_amount)', 'fct_tickets': 'null'
} -%}
held as (

    {% for fact, amount in amounts.items() %}
        select
            '{{ fact }}' as fact,
            source,
            count(*) as row_count,
            cast({{ amount }} as decimal(18, 4)) as amount
        from {{ fact[4:] }}
        group by source
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

reconciled as (

    select
        ---------- ids
        coalesce(staged.fact, held.fact) as fact,
        coalesce(staged.source, held.source) as source,

        ---------- rows
        coalesce(staged.row_count, 0) as staged_count,
        coalesce(staged.left_out_count, 0) as left_out_count,
        coalesce(held.row_count, 0) as fact_count,
        coalesce(staged.row_count, 0)
        - coalesce(staged.left_out_count, 0)
        - coalesce(held.row_count, 0) as unaccounted_count,

        ---------- sums over all currencies
        cast(staged.amount as decimal(18, 4)) as staged_amount,
        cast(staged.left_out_amount as decimal(18, 4)) as left_out_amount,
        held.amount as fact_amount,
        cast(
            coalesce(staged.amount, 0)
            - coalesce(staged.left_out_amount, 0)
            - coalesce(held.amount, 0)
            as decimal(18, 4)
        ) as unaccounted_amount
    from staged
    full outer join held
        on
            staged.fact = held.fact
            and staged.source = held.source

)

select * from reconciled
