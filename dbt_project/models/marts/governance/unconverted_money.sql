{%- set facts = {
    'fct_deals': ('amount', 'reporting_amount'),
    'fct_invoices': ('amount', 'reporting_amount'),
    'fct_order_lines': ('amount', 'reporting_amount'),
    'fct_orders': ('net_amount', 'reporting_net_amount'),
    'fct_payments': ('net_amount', 'reporting_net_amount'),
    'fct_subscriptions': ('mrr', 'reporting_mrr')
} -%}
with

deals as (

    select * from {{ ref('fct_deals') }}

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

unconverted as (

    {% for fact, (amount, reporting_amount) in facts.items() %}
        select
            '{{ fact }}' as fact,
            source,
            currency,
            count(*) as row_count,
            cast(sum({{ amount }}) as decimal(18, 4)) as amount
        from {{ fact[4:] }}
        where {{ amount }} <> 0 and {{ reporting_amount }} is null
        group by source, currency
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

)

select * from unconverted
