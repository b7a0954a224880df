with

suppressions as (

    select * from {{ ref('stg_privacy__suppressions') }}

),

identified as (

    select * from {{ ref('int_records__identified') }}
    where entity = 'person'

),

in_force as (

    select
        identified.golden_id as customer_id,
        suppressions.purpose,
        suppressions.channel,
        suppressions.suppressed_at
    from suppressions
    inner join identified
        on suppressions.record_key = identified.record_key
    where
        coalesce(suppressions.suppressed_at <= {{ judged_at() }}, true)
        and coalesce(suppressions.lifted_at > {{ judged_at() }}, true)

),

current_state as (

    select
        customer_id,
        purpose,
        channel,
        min(suppressed_at) as suppressed_at
    from in_force
    group by customer_id, purpose, channel

)

select * from current_state
