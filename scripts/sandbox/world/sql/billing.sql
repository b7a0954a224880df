-- Subscriptions of Stripe customers, and what follows from them.

create temp table plan_numbers as
select
    *,
    row_number() over (order by unit_amount) - 1 as place,
    'price_1P' || token(22, 'price', row_number() over (order by unit_amount)) as price_id,
    'prod_' || token(14, 'prod', ascii(plan_name)) as product_id
from plans;

create temp table subscription_drafts as
with

subscribers as (

    select
        records.*,
        countries.currency,
        countries.price_factor,
        coalesce(records.deleted_at, world_now()) as known_until
    from records
    inner join countries on records.country = countries.country
    where records.source = 'stripe' and records.kind = 'customer'

),

spread as (

    select
        *,
        number * 4 + place as subscription_number
    from subscribers
    cross join range(2) as places (place)
    where chance(
        case when place = 1 then 0.12 when persona = 'shopper' then 0.5 else 0.85 end,
        'subscribes', number * 4 + place
    )

),

started as (

    select
        *,
        seconds_after(
            created_at,
            floor(
                (epoch(known_until) - epoch(created_at))
                * pow(unit('starts', subscription_number), 2.5)
            )
        ) as started_at
    from spread

),

planned as (

    select
        started.*,
        plans.* exclude (place, unit_amount),
        case plans.billing_interval when 'year' then 12 else 1 end as months,
        money(cast(plans.unit_amount as double) * started.price_factor, started.currency)
            as unit_amount,
        cast(
            case
                when persona = 'business' then 1 + mostly_low(25, 'seats', subscription_number)
                else 1
            end as int
        ) as quantity,
        is_deleted or chance(0.35, 'is ended', subscription_number) as is_ended
    from started
    inner join plan_numbers as plans
        on plans.place = mostly_low(6, 'plan', subscription_number)

),

-- A subscription ends with a period that was paid for, so the whole periods are counted.
timed as (

    select
        *,
        case
            when is_ended
                then cast(
                    floor(
                        date_sub('month', started_at, known_until) // months
                        * unit('ends', subscription_number)
                    ) as int
                )
            else cast(date_sub('month', started_at, known_until) // months as int)
        end as periods
    from planned

)

select
    *,
    started_at + to_months(cast(periods * months as int)) as current_period_start,
    started_at + to_months(cast((periods + 1) * months as int)) as current_period_end,
    case
        when is_ended
            then least(started_at + to_months(cast((periods + 1) * months as int)), known_until)
    end as ended_at,
    'sub_1P' || token(22, 'subscription', subscription_number) as subscription_id
from timed;

create table world.subscriptions as
with

stated as (

    select
        *,
        case
            when ended_at is not null then 'canceled'
            when started_at > days_after(world_now(), -14) then 'trialing'
            when chance(0.05, 'is past due', subscription_number) then 'past_due'
            else 'active'
        end as status
    from subscription_drafts

)

select
    subscription_id,
    record_id,
    plan_name,
    price_id,
    product_id,
    quantity,
    currency,
    unit_amount,
    billing_interval,
    status,
    started_at,
    current_period_start,
    current_period_end,
    -- Mostly told some days before the period ends; some are told to that run still.
    case
        when ended_at is not null
            then greatest(
                started_at, days_after(ended_at, -15 * unit('told before', subscription_number))
            )
        when status = 'active' and chance(0.06, 'will end', subscription_number)
            then greatest(
                current_period_start,
                days_after(world_now(), -10 * unit('told before', subscription_number))
            )
    end as canceled_at,
    ended_at,
    started_at as created_at,
    coalesce(ended_at, current_period_start) as updated_at
from stated
order by record_id, started_at, subscription_id;

create temp table invoice_drafts as
with

spread as (

    select
        drafts.subscription_number,
        drafts.number,
        drafts.persona,
        subscriptions.*,
        drafts.months,
        drafts.periods,
        unnest(range(greatest(0, drafts.periods - 23), drafts.periods + 1)) as period
    from subscription_drafts as drafts
    inner join world.subscriptions as subscriptions
        on drafts.subscription_id = subscriptions.subscription_id

),

dated as (

    select
        * exclude (created_at, updated_at),
        subscription_number * 256 + period as invoice_key,
        started_at + to_months(cast(period * months as int)) as period_start,
        started_at + to_months(cast((period + 1) * months as int)) as period_end,
        -- Most companies had fewer seats before, a few had more.
        case
            when quantity = 1 or chance(0.3, 'keeps its seats', subscription_number) then quantity
            when chance(0.8, 'grows', subscription_number)
                then greatest(1, quantity - (periods - period) // 3)
            else quantity + (periods - period) // 4
        end as seats,
        case
            when status = 'trialing' then 0.00
            else cast(seats * unit_amount as decimal(18, 2))
        end as amount_due
    from spread

)

select
    * exclude (status),
    case
        when status = 'past_due' and period = periods then 'open'
        when chance(0.004, 'is void', invoice_key) then 'void'
        when chance(0.006, 'is uncollectible', invoice_key) then 'uncollectible'
        else 'paid'
    end as status,
    least(
        seconds_after(
            period_start,
            case
                when persona = 'business' then below(20 * 86400, 'paid after', invoice_key)
                else below(7200, 'paid after', invoice_key)
            end
        ),
        world_now()
    ) as settled_at
from dated;

create table world.invoices as
select
    'in_1P' || token(22, 'invoice', invoice_key) as invoice_id,
    upper(left(md5(record_id), 8)) || '-' || upper(left(md5(subscription_id), 2))
    || lpad(cast(period + 1 as varchar), 4, '0') as invoice_number,
    subscription_id,
    record_id,
    status,
    currency,
    cast(amount_due as decimal(18, 2)) as amount_due,
    cast(case when status = 'paid' then amount_due else 0 end as decimal(18, 2)) as amount_paid,
    period_start as created_at,
    case when status = 'paid' then settled_at else period_start end as updated_at,
    days_after(period_start, case when persona = 'business' then 30 else 0 end) as due_at,
    case when status = 'paid' then settled_at end as paid_at,
    period_start,
    period_end
from invoice_drafts
order by created_at, invoice_id;

create temp table charge_drafts as
-- A paid invoice has one charge that went through, sometimes after one that did not.
select
    invoice_key * 4 as charge_key,
    number,
    'in_1P' || token(22, 'invoice', invoice_key) as invoice_id,
    record_id,
    'succeeded' as status,
    currency,
    amount_due as amount,
    settled_at as created_at
from invoice_drafts
where status = 'paid' and amount_due > 0

union all

select
    invoice_key * 4 + 1,
    number,
    'in_1P' || token(22, 'invoice', invoice_key),
    record_id,
    'failed',
    currency,
    amount_due,
    period_start
from invoice_drafts
where
    amount_due > 0
    and (status in ('open', 'uncollectible') or chance(0.05, 'first failed', invoice_key))

union all

-- Some pay once, for something that is no subscription.
select
    records.number * 1024 + 1023,
    records.number,
    null,
    records.record_id,
    'succeeded',
    countries.currency,
    money(
        choose([25, 49, 120, 250], 'single payment', records.number) * countries.price_factor,
        countries.currency
    ),
    between_times(
        records.created_at, coalesce(records.deleted_at, world_now()), 'pays once', records.number
    )
from records
inner join countries on records.country = countries.country
where
    records.source = 'stripe'
    and records.kind = 'customer'
    and chance(0.06, 'has single payment', records.number);

create temp table charge_refunds as
with

drawn as (

    select
        *,
        case
            when chance(0.6, 'refund whole', charge_key) then amount
            else money(cast(amount as double) / 2, currency)
        end as refunded,
        case
            when chance(0.03, 'refund failed', charge_key) then 'failed'
            else 'succeeded'
        end as refund_status
    from charge_drafts
    where
        status = 'succeeded'
        and created_at < days_after(world_now(), -30)
        and chance(0.025, 'has refund', charge_key)

)

select * from drawn;

create table world.charges as
select
    'ch_3P' || token(22, 'charge', charges.charge_key) as charge_id,
    charges.invoice_id,
    charges.record_id,
    charges.status,
    charges.currency,
    cast(charges.amount as decimal(18, 2)) as amount,
    cast(
        case when refunds.refund_status = 'succeeded' then refunds.refunded else 0 end as decimal(
            18, 2
        )
    ) as amount_refunded,
    case
        when charges.status = 'failed'
            then choose(
                ['card_declined', 'insufficient_funds', 'expired_card', 'processing_error'],
                'failure', charges.charge_key
            )
    end as failure_code,
    choose(['visa', 'visa', 'mastercard', 'amex'], 'card', charges.number) as card_brand,
    lpad(cast(below(10000, 'card digits', charges.number) as varchar), 4, '0') as card_last4,
    charges.created_at
from charge_drafts as charges
left join charge_refunds as refunds on charges.charge_key = refunds.charge_key
order by created_at, charge_id;

create table world.refunds as
select
    're_3P' || token(22, 'refund', charge_key) as refund_id,
    'ch_3P' || token(22, 'charge', charge_key) as charge_id,
    record_id,
    currency,
    cast(refunded as decimal(18, 2)) as amount,
    refund_status as status,
    choose(
        ['requested_by_customer', 'requested_by_customer', 'duplicate', 'fraudulent', null],
        'refund reason', charge_key
    ) as reason,
    days_after(created_at, 25 * unit('refund after', charge_key)) as created_at
from charge_refunds
order by created_at, refund_id;

drop table subscription_drafts;
drop table invoice_drafts;
drop table charge_drafts;
drop table charge_refunds;
