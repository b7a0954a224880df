{%- set shares = ['first_touch', 'last_touch', 'linear', 'position_based'] -%}
with

orders as (

    select * from {{ ref('fct_orders') }}
    where order_state = 'sale'

),

sessions as (

    select * from {{ ref('fct_sessions') }}
    where has_campaign and customer_id is not null

),

touches as (

    select
        orders.order_key,
        sessions.session_key,
        cast(
            row_number() over (
                partition by orders.order_key
                order by sessions.started_at nulls last, sessions.session_key
            ) as bigint
        ) as touch_number,
        count(*) over (partition by orders.order_key) as touch_count
    from orders
    inner join sessions
        on
            orders.customer_id = sessions.customer_id
            and orders.ordered_at >= sessions.started_at
            and orders.ordered_at - interval {{ var('attribution_days') }} day
            <= sessions.started_at

),

-- Position-based: two fifths the first, two fifths the last, the rest shared by those between.
weighed as (

    select
        orders.order_key,
        orders.customer_id,
        orders.source,
        orders.currency,
        orders.net_amount,
        orders.reporting_net_amount,
        orders.ordered_at,
        touches.session_key,
        coalesce(touches.touch_number, 1) as touch_number,
        coalesce(touches.touch_count, 1) as touch_count,
        cast(coalesce(touches.touch_number = 1, true) as double) as first_touch_share,
        cast(coalesce(touches.touch_number = touches.touch_count, true) as double)
            as last_touch_share,
        1e0 / coalesce(touches.touch_count, 1) as linear_share,
        case
            when coalesce(touches.touch_count, 1) <= 2 then 1e0 / coalesce(touches.touch_count, 1)
            when touches.touch_number in (1, touches.touch_count) then 4e-1
            else 2e-1 / (touches.touch_count - 2)
        end as position_based_share
    from orders
    left join touches
        on orders.order_key = touches.order_key

),

-- Of what is given up to a touch and up to the one before, each rounded to cents, the difference is
-- the touch's own: so the parts come to the whole.
cumulated as (

    select
        {% for share in shares %}
            case
                when touch_number = touch_count then 1e0
                else sum({{ share }}_share) over through_touch
            end as {{ share }}_through,
        {% endfor %}
        *
    from weighed
    window
        through_touch as (
            partition by order_key
            order by touch_number
            rows between unbounded preceding and current row
        )

),

given as (

    select
        {% for share in shares %}
            case
                when {{ share }}_through = 1 then net_amount
                else cast(
                    {{ rounded('net_amount * ' ~ share ~ '_through', 2) }} as decimal(18, 4)
                )
            end as {{ share }}_given,
            case
                when {{ share }}_through = 1 then reporting_net_amount
                else cast(
                    {{ rounded('reporting_net_amount * ' ~ share ~ '_through', 2) }}
                    as decimal(18, 4)
                )
            end as {{ share }}_reporting_given,
        {% endfor %}
        *
    from cumulated

),

attributed as (

    select
        ---------- ids
        given.order_key,
        given.touch_number,
        given.session_key,
        given.customer_id,
        given.source,

        ---------- text
        coalesce(sessions.channel, 'none') as channel,
        sessions.utm_source,
        sessions.utm_medium,
        sessions.utm_campaign,
        given.currency,

        ---------- numbers
        given.touch_count,
        {% for share in shares %}
            given.{{ share }}_share,
            cast(
                given.{{ share }}_given
                - lag(given.{{ share }}_given, 1, 0) over touches_of_order
                as decimal(18, 4)
            ) as {{ share }}_amount,
            cast(
                given.{{ share }}_reporting_given
                - lag(given.{{ share }}_reporting_given, 1, 0) over touches_of_order
                as decimal(18, 4)
            ) as {{ share }}_reporting_amount,
        {% endfor %}

        ---------- times
        sessions.started_at as touched_at,
        given.ordered_at
    from given
    left join sessions
        on given.session_key = sessions.session_key
    window
        touches_of_order as (
            partition by given.order_key
            order by given.touch_number
        )

)

select * from attributed
