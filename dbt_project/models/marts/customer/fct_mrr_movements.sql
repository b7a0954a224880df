with

months as (

    select
        *,
        {{ reporting_amount('mrr', 'reporting_rate') }} as reporting_mrr,
        coalesce(customer_id, subscription_key) as payer
    from {{ ref('int_subscription_months__valued') }}

),

-- What all subscriptions of the customer come to: one that returns is not new.
payers as (

    select
        payer,
        month_start,
        sum(mrr) as mrr,
        min(case when sum(mrr) > 0 then month_start end) over (partition by payer)
            as first_month_start
    from months
    group by payer, month_start

),

opened as (

    select
        *,
        lag(mrr, 1, 0) over (partition by subscription_key order by month_start) as opening_mrr,
        lag(reporting_mrr, 1, 0) over (partition by subscription_key order by month_start)
            as reporting_opening_mrr,
        coalesce(
            max(mrr) over (
                partition by subscription_key
                order by month_start
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as highest_mrr_before
    from months

),

joined as (

    select
        opened.*,
        coalesce(month_before.mrr, 0) as payer_mrr_before,
        payers.first_month_start < opened.month_start as has_paid_before
    from opened
    inner join payers
        on
            opened.payer = payers.payer
            and opened.month_start = payers.month_start
    left join payers as month_before
        on
            opened.payer = month_before.payer
            and opened.month_start = cast(month_before.month_start + interval 1 month as date)

),

moved as (

    select
        ---------- ids
        subscription_key,
        customer_id,
        source,

        ---------- text
        case
            when mrr = opening_mrr then 'none'
            when mrr = 0 then 'churn'
            when opening_mrr > 0 and mrr > opening_mrr then 'expansion'
            when opening_mrr > 0 then 'contraction'
            when highest_mrr_before > 0 then 'reactivation'
            when has_paid_before and payer_mrr_before = 0 then 'reactivation'
            else 'new'
        end as movement,
        currency,

        ---------- numbers
        opening_mrr,
        cast(mrr - opening_mrr as decimal(18, 4)) as movement_mrr,
        mrr as closing_mrr,
        reporting_opening_mrr,
        cast(reporting_mrr - reporting_opening_mrr as decimal(18, 4)) as reporting_movement_mrr,
        reporting_mrr as reporting_closing_mrr,

        ---------- dates
        month_start
    from joined
    where mrr <> 0 or opening_mrr <> 0

)

select * from moved
