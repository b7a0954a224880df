{# Four ways to share an order among its visits, and none may make or lose a cent of it. #}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'marketing'}) }}

{%- set models = ['first_touch', 'last_touch', 'linear', 'position_based'] %}

with

orders as (

    select * from {{ ref('fct_orders') }}
    where order_state = 'sale'

),

attribution as (

    select
        order_key,
        {% for model in models %}
            sum({{ model }}_share) as {{ model }}_share,
            sum({{ model }}_amount) as {{ model }}_amount,
            sum({{ model }}_reporting_amount) as {{ model }}_reporting_amount{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('fct_attribution') }}
    group by order_key

),

compared as (

    select
        coalesce(orders.order_key, attribution.order_key) as order_key,
        {% for model in models %}
            abs(attribution.{{ model }}_share - 1) < 0.000001
            and attribution.{{ model }}_amount is not distinct from orders.net_amount
            and attribution.{{ model }}_reporting_amount
            is not distinct from orders.reporting_net_amount
            {{ 'and' if not loop.last else 'as comes_to_it' }}
        {% endfor %}
    from orders
    full outer join attribution
        on orders.order_key = attribution.order_key

)

select * from compared
where not coalesce(comes_to_it, false)
