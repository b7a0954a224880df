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
        max(decisions.decision) as decision
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
