with

assignments as (

    select * from {{ ref('int_record_ids__assigned') }}
    where entity = 'person'

),

identified as (

    select * from {{ ref('int_records__identified') }}
    where entity = 'person'

),

golden_records as (

    select * from {{ ref('int_golden_records__summarized') }}
    where entity = 'person'

),

retired as (

    select
        assignments.golden_id as alias_id,
        assignments.record_key
    from assignments
    left join golden_records
        on assignments.golden_id = golden_records.golden_id
    where golden_records.golden_id is null
    group by assignments.golden_id, assignments.record_key

),

-- Its records show where it went, however many customers they have passed through since.
successors as (

    select
        retired.alias_id,
        identified.golden_id as customer_id,
        row_number() over (
            partition by retired.alias_id
            order by count(*) desc, identified.golden_id asc
        ) as successor_rank
    from retired
    inner join identified
        on retired.record_key = identified.record_key
    group by retired.alias_id, identified.golden_id

),

last_left as (

    select
        previous_id as alias_id,
        max(assigned_at) as retired_at
    from assignments
    where previous_id is not null
    group by previous_id

),

aliases as (

    select
        successors.alias_id,
        successors.customer_id,
        last_left.retired_at
    from successors
    left join last_left
        on successors.alias_id = last_left.alias_id
    where successors.successor_rank = 1

)

select * from aliases
