{#
    What was there, and what moved, is what is there; what is there at the end of a month is there at
    the beginning of the next; and in the end it is what the running subscriptions bring.
#}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'finance'}) }}

with

movements as (

    select * from {{ ref('fct_mrr_movements') }}

),

subscriptions as (

    select * from {{ ref('fct_subscriptions') }}
    where started_at is not null

),

reporting_day as (

    select * from {{ ref('int_reporting_day__found') }}

),

followed as (

    select
        *,
        lead(month_start) over (partition by subscription_key order by month_start)
            as next_month_start,
        lead(opening_mrr) over (partition by subscription_key order by month_start)
            as next_opening_mrr
    from movements

),

broken as (

    select
        subscription_key,
        month_start
    from followed
    where
        opening_mrr + movement_mrr <> closing_mrr
        or reporting_opening_mrr + reporting_movement_mrr <> reporting_closing_mrr
        or (closing_mrr <> 0 and coalesce(next_opening_mrr, closing_mrr) <> closing_mrr)
        or (
            closing_mrr <> 0
            and next_month_start <> cast(month_start + interval 1 month as date)
        )

),

balance as (

    select
        movements.subscription_key,
        movements.closing_mrr
    from movements
    cross join reporting_day
    where
        movements.month_start = cast(date_trunc('month', reporting_day.as_of) as date)
        and movements.closing_mrr <> 0

),

unbalanced as (

    select coalesce(subscriptions.subscription_key, balance.subscription_key) as subscription_key
    from subscriptions
    full outer join balance
        on subscriptions.subscription_key = balance.subscription_key
    where coalesce(subscriptions.mrr, 0) <> coalesce(balance.closing_mrr, 0)

)

select
    subscription_key,
    month_start
from broken
union all
select
    subscription_key,
    null as month_start
from unbalanced
