{{ config(post_hook="{{ tell_contradictions(this) }}") }}

with

decisions as (

    select * from {{ ref('decisions') }}

),

records as (

    select * from {{ ref('int_records__compared') }}

),

resolved as (

    select
        here.entity,
        least(here.record_number, there.record_number) as record_number,
        greatest(here.record_number, there.record_number) as other_record_number,
        min(least(here.record_key, there.record_key)) as record_key,
        max(greatest(here.record_key, there.record_key)) as other_record_key,
        max(decisions.decision) as decision,
        count(distinct decisions.decision) > 1 as is_contradicted
    from decisions
    inner join records as here
        on decisions.record_key = here.record_key
    inner join records as there
        on
            decisions.other_record_key = there.record_key
            and here.entity = there.entity
    where here.record_number <> there.record_number
    group by
        here.entity,
        least(here.record_number, there.record_number),
        greatest(here.record_number, there.record_number)

)

select * from resolved
