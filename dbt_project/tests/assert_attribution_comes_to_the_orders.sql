{# Four ways to share an order among its visits, and none may make or lose a cent of it. #}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'marketing'}) }}

with

orders as (

    select * from {{ ref('fct_orders') }}
    where order_state = 'sale'

),

attribution as (

    select * from {{ ref('fct_attribution') }}

),

summed as (

    {% for share in ['first_touch', 'last_touch', 'linear', 'position_based'] %}
        select
            '{{ share }}' as attribution_model,
            order_key,
            sum({{ share }}_share) as share_sum,
            sum({{ share }}_amount) as amount,
            sum({{ share }}_reporting_amount) as reporting_amount
        from attribution
        group by order_key
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

broken as (

    select
        summed.attribution_model,
        summed.order_key
    from summed
    left join orders
        on summed.order_key = orders.order_key
    where
        orders.order_key is null
        or abs(summed.share_sum - 1) > 0.000001
        or summed.amount is distinct from orders.net_amount
        or summed.reporting_amount is distinct from orders.reporting_net_amount

),

missing as (

    select
        'none' as attribution_model,
        orders.order_key
    from orders
    left join summed
        on orders.order_key = summed.order_key
    where summed.order_key is null

)

select * from broken
union all
select * from missing
