with

rectifications as (

    select * from {{ ref('stg_privacy__rectifications') }}

),

identified as (

    select * from {{ ref('int_records__identified') }}
    where entity = 'person'

),

-- Each record of the person says the same, unless two that differ were put together since.
ranked as (

    select
        identified.golden_id as customer_id,
        rectifications.attribute,
        rectifications.value,
        rectifications.request_id,
        rectifications.rectified_at,
        row_number() over (
            partition by identified.golden_id, rectifications.attribute
            order by rectifications.rectified_at desc, rectifications.record_key asc
        ) as recency_rank
    from rectifications
    inner join identified
        on rectifications.record_key = identified.record_key

),

current_state as (

    select
        customer_id,
        attribute,
        value,
        request_id,
        rectified_at
    from ranked
    where recency_rank = 1

)

select * from current_state
