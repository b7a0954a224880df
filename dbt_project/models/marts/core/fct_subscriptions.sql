with

subscriptions as (

    select * from {{ ref('int_subscriptions__identified') }}

),

converted as (

    select
        {{ all_but(['reporting_rate', 'over_at']) }},
        {{ reporting_amount('mrr', 'reporting_rate') }} as reporting_mrr
    from subscriptions

)

select * from converted
