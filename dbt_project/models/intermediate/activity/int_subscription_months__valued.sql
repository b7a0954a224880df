with

subscriptions as (

    select * from {{ ref('int_subscriptions__identified') }}
    where started_at is not null

),

invoices as (

    select * from {{ ref('int_invoices__unioned') }}
    where is_recurring and net_amount is not null

),

reporting_day as (

    select * from {{ ref('int_reporting_day__found') }}

),

-- What a period was billed is what it cost then, whatever the subscription costs now.
billed as (

    select
        subscriptions.subscription_key,
        cast(date_trunc('month', invoices.issued_at) as date) as month_start,
        cast(
            invoices.net_amount * {{ billings_a_month(
                'subscriptions.billing_interval', 'subscriptions.billing_interval_count'
            ) }}
            as decimal(18, 4)
        ) as mrr,
        row_number() over (
            partition by subscriptions.subscription_key, date_trunc('month', invoices.issued_at)
            order by invoices.issued_at desc, invoices.invoice_key desc
        ) as recency_rank
    from subscriptions
    inner join invoices
        on subscriptions.subscription_key = invoices.subscription_key

),

invoiced as (

    select distinct subscription_key from billed

),

-- The period that runs now costs what the subscription does; without invoices, all have.
present as (

    select
        subscriptions.subscription_key,
        cast(
            date_trunc(
                'month',
                coalesce(
                    case
                        when invoiced.subscription_key is not null
                            then subscriptions.current_period_started_at
                    end,
                    subscriptions.started_at
                )
            ) as date
        ) as month_start,
        subscriptions.mrr
    from subscriptions
    left join invoiced
        on subscriptions.subscription_key = invoiced.subscription_key
    where subscriptions.is_active

),

prices as (

    select
        coalesce(present.subscription_key, billed.subscription_key) as subscription_key,
        coalesce(present.month_start, billed.month_start) as month_start,
        coalesce(present.mrr, billed.mrr) as mrr
    from billed
    full outer join present
        on
            billed.subscription_key = present.subscription_key
            and billed.month_start = present.month_start
    where coalesce(billed.recency_rank, 1) = 1

),

spans as (

    select
        subscriptions.*,
        date_trunc('month', subscriptions.over_at) as over_month_start,
        least(
            coalesce(cast(subscriptions.over_at as date), reporting_day.as_of), reporting_day.as_of
        ) as last_day
    from subscriptions
    cross join reporting_day

),

months as (

    select
        *,
        {{ each_month('started_at', 'last_day') }} as month_start
    from spans

),

priced as (

    select
        months.*,
        {{ last_filled('prices.mrr') }} over (
            partition by months.subscription_key
            order by months.month_start
            rows between unbounded preceding and current row
        ) as price
    from months
    left join prices
        on
            months.subscription_key = prices.subscription_key
            and months.month_start = prices.month_start

),

valued as (

    select
        ---------- ids
        subscription_key,
        customer_id,
        source,

        ---------- text
        currency,

        ---------- numbers
        -- What ends within a month is not there at its end.
        case
            when coalesce(month_start < over_month_start, true) then coalesce(price, 0)
            else 0
        end as mrr,
        reporting_rate,

        ---------- dates
        cast(month_start as date) as month_start
    from priced

)

select * from valued
