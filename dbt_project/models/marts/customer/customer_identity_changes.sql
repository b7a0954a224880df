with

assignments as (

    select * from {{ ref('int_record_ids__assigned') }}
    where entity = 'person'

),

moves as (

    select
        assigned_at as changed_at,
        golden_id as customer_id,
        previous_id,
        count(*) as record_count,
        max(evidence_weight) as evidence_weight,
        {{ value_at_highest(
            'record_key',
            'case when evidence_weight is not null then (evidence_weight, record_key) end'
        ) }} as evidence_record_key,
        {{ value_at_highest(
            'evidence_record_key',
            'case when evidence_weight is not null then (evidence_weight, record_key) end'
        ) }} as evidence_other_record_key
    from assignments
    group by assigned_at, golden_id, previous_id

),

births as (

    select
        golden_id as customer_id,
        min(assigned_at) as born_at
    from assignments
    group by golden_id

),

split_offs as (

    select distinct
        customer_id,
        changed_at
    from moves
    where previous_id is not null

),

-- Records an id has gained and lost, up to each time it lost some.
holdings as (

    select
        moves.previous_id,
        moves.changed_at,
        count(case when assignments.golden_id = moves.previous_id then 1 end)
        - count(case when assignments.previous_id = moves.previous_id then 1 end) as records_left
    from (
        select distinct
            previous_id,
            changed_at
        from moves
        where previous_id is not null
    ) as moves
    inner join assignments
        on
            moves.changed_at >= assignments.assigned_at
            and moves.previous_id in (assignments.golden_id, assignments.previous_id)
    group by moves.previous_id, moves.changed_at

),

changes as (

    select
        ---------- ids
        moves.customer_id,
        moves.previous_id as other_customer_id,

        ---------- text
        case
            when moves.previous_id is null then 'created'
            when births.born_at = moves.changed_at then 'split'
            when holdings.records_left = 0 then 'merged'
            else 'moved'
        end as change,

        ---------- numbers
        moves.record_count,

        ---------- evidence
        moves.evidence_record_key,
        moves.evidence_other_record_key,
        moves.evidence_weight,

        ---------- times
        moves.changed_at
    from moves
    inner join births
        on moves.customer_id = births.customer_id
    left join split_offs
        on
            moves.customer_id = split_offs.customer_id
            and moves.changed_at = split_offs.changed_at
    left join holdings
        on
            moves.previous_id = holdings.previous_id
            and moves.changed_at = holdings.changed_at
    where
        moves.previous_id is not null
        -- Records new to a customer that was there, or that split off, do not make one.
        or (births.born_at = moves.changed_at and split_offs.customer_id is null)

)

select * from changes
