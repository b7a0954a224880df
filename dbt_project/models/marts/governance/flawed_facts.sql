{%- set facts = [
    'fct_consents', 'fct_deals', 'fct_email_events', 'fct_events', 'fct_invoices',
    'fct_order_lines', 'fct_orders', 'fct_payments', 'fct_subscriptions', 'fct_tickets'
] -%}
with

consents as (

    select * from {{ ref('fct_consents') }}

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

fact_flaws as (

    select * from {{ ref('fact_flaws') }}

),

counted as (

    {% for fact in facts %}
        select
            '{{ fact }}' as fact,
            source,
            flaws,
            count(*) as row_count
        from {{ fact[4:] }}
        where flaws is not null
        group by source, flaws
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

flawed as (

    select
        counted.fact,
        counted.source,
        fact_flaws.flaw,
        fact_flaws.description,
        fact_flaws.outcome,
        fact_flaws.fix,
        cast(sum(counted.row_count) as bigint) as row_count
    from counted
    inner join fact_flaws
        on ', ' || counted.flaws || ',' like '%, ' || fact_flaws.flaw || ',%'
    group by
        counted.fact,
        counted.source,
        fact_flaws.flaw,
        fact_flaws.description,
        fact_flaws.outcome,
        fact_flaws.fix

)

select * from flawed
