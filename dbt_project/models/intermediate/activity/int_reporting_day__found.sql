with

orders as (

    select * from {{ ref('int_orders__identified') }}

),

events as (

    select * from {{ ref('int_events__identified') }}

),

email_events as (

    select * from {{ ref('int_email_events__unioned') }}

),

payments as (

    select * from {{ ref('int_payments__unioned') }}

),

activity as (

    select max(ordered_at) as latest_at from orders

    union all
    select max(occurred_at) as latest_at from events

    union all
    select max({{ plausible_time('occurred_at', 'loaded_at') }}) as latest_at from email_events

    union all
    select max({{ plausible_time('paid_at', 'loaded_at') }}) as latest_at from payments

),

-- Not the day of the build: the same data gives the same result, and old data its own.
found as (

    select
        coalesce(
            cast(nullif('{{ var("as_of") }}', '') as date),
            cast(max(latest_at) as date),
            cast({{ build_time() }} as date)
        ) as as_of
    from activity

)

select * from found
