with

touches as (

    select * from {{ ref('fct_customer_timeline') }}
    where occurred_at is not null

),

subscriptions as (

    select * from {{ ref('fct_subscriptions') }}
    where customer_id is not null

),

payments as (

    select * from {{ ref('fct_payments') }}
    where customer_id is not null

),

tickets as (

    select * from {{ ref('fct_tickets') }}
    where customer_id is not null

),

customers as (

    select * from {{ ref('dim_customers') }}

),

reporting_day as (

    select * from {{ ref('int_reporting_day__found') }}

),

active_days as (

    select distinct
        touches.customer_id,
        cast(touches.occurred_at as date) as active_on
    from touches
    cross join reporting_day
    where touches.is_own_action and cast(touches.occurred_at as date) <= reporting_day.as_of

),

gaps as (

    select
        customer_id,
        active_on,
        {{ days_between(
            'lag(active_on) over (partition by customer_id order by active_on)', 'active_on'
        ) }} as gap_days
    from active_days

),

-- Their own rhythm: half the pauses they have made were no longer.
rhythms as (

    select
        customer_id,
        count(*) as active_day_count,
        median(gap_days) as usual_gap_days,
        max(active_on) as last_active_on
    from gaps
    group by customer_id

),

subscribed as (

    select
        customer_id,
        count(case when is_active then 1 end) as active_subscription_count,
        count(
            case when is_active and canceled_at is not null then 1 end
        ) as ending_subscription_count,
        count(case when status = 'past_due' then 1 end)
            as past_due_subscription_count,
        max(canceled_at) as last_cancelled_at,
        max(ended_at) as last_ended_at
    from subscriptions
    group by customer_id

),

failed as (

    select
        payments.customer_id,
        count(*) as failed_payment_count,
        max(payments.paid_at) as last_failed_at
    from payments
    cross join reporting_day
    where
        payments.payment_type = 'charge'
        and payments.status = 'failed'
        and cast(payments.paid_at as date)
        between {{ days_before('reporting_day.as_of', 90) }} and reporting_day.as_of
    group by payments.customer_id

),

open_tickets as (

    select
        customer_id,
        count(*) as open_ticket_count,
        min(created_at) as oldest_open_ticket_at
    from tickets
    where solved_at is null and not is_deleted and status not in ('solved', 'closed')
    group by customer_id

),

joined as (

    select
        customers.customer_id,
        case
            when subscribed.customer_id is null then 'never'
            when subscribed.active_subscription_count = 0 then 'ended'
            when subscribed.past_due_subscription_count > 0 then 'past due'
            when
                subscribed.ending_subscription_count = subscribed.active_subscription_count
                then 'ending'
            else 'running'
        end as subscription_state,
        greatest(subscribed.last_cancelled_at, subscribed.last_ended_at)
            as subscription_changed_at,
        coalesce(subscribed.active_subscription_count, 0) as active_subscription_count,
        coalesce(rhythms.active_day_count, 0) as active_day_count,
        rhythms.usual_gap_days,
        rhythms.last_active_on,
        {{ days_between('rhythms.last_active_on', 'reporting_day.as_of') }} as inactive_days,
        coalesce(failed.failed_payment_count, 0) as failed_payment_count,
        failed.last_failed_at,
        coalesce(open_tickets.open_ticket_count, 0) as open_ticket_count,
        open_tickets.oldest_open_ticket_at,
        reporting_day.as_of
    from customers
    cross join reporting_day
    left join rhythms
        on customers.customer_id = rhythms.customer_id
    left join subscribed
        on customers.customer_id = subscribed.customer_id
    left join failed
        on customers.customer_id = failed.customer_id
    left join open_tickets
        on customers.customer_id = open_tickets.customer_id

),

-- A rhythm takes three pauses to be one.
signalled as (

    select
        *,
        case
            when active_day_count > 3 then inactive_days / greatest(usual_gap_days, 1)
        end as inactivity_ratio
    from joined

),

signals as (

    select
        ---------- ids
        customer_id,

        ---------- text
        subscription_state,
        {{ flaws([
            flaw('subscription_ending', "subscription_state = 'ending'"),
            flaw('subscription_past_due', "subscription_state = 'past due'"),
            flaw('subscription_ended', "subscription_state = 'ended'"),
            flaw('inactive', 'inactivity_ratio > 3'),
            flaw('payments_failed', 'failed_payment_count > 0'),
            flaw('tickets_open', 'open_ticket_count > 0')
        ]) }} as signals,

        ---------- numbers
        active_subscription_count,
        active_day_count,
        usual_gap_days,
        inactive_days,
        inactivity_ratio,
        failed_payment_count,
        open_ticket_count,
        cast(subscription_state in ('ending', 'past due', 'ended') as integer)
        + cast(coalesce(inactivity_ratio > 3, false) as integer)
        + cast(failed_payment_count > 0 as integer)
        + cast(open_ticket_count > 0 as integer) as signal_count,

        ---------- dates and times
        subscription_changed_at,
        last_active_on,
        last_failed_at,
        oldest_open_ticket_at,
        as_of
    from signalled

)

select * from signals
