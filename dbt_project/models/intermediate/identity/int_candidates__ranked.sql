with

cells as (

    select * from {{ ref('int_cells__cleaned') }}

),

identified as (

    select * from {{ ref('int_records__identified') }}

),

golden_records as (

    select * from {{ ref('int_golden_records__summarized') }}

),

hygiene_rules as (

    select * from {{ ref('hygiene_rules') }}

),

survivorship as (

    select * from {{ ref('survivorship') }}

),

source_priority as (

    select * from {{ ref('source_priority') }}

),

-- What a source has deleted speaks only when nothing else does.
records as (

    select identified.*
    from identified
    inner join golden_records
        on
            identified.entity = golden_records.entity
            and identified.golden_id = golden_records.golden_id
    where not identified.is_deleted or golden_records.is_deleted

),

groups as (

    select
        entity,
        attribute_group,
        min(strategy) as strategy,
        bool_or(flagged_last) as flagged_last,
        bool_or(stale_last) as stale_last,
        bool_or(incomplete_last) as incomplete_last,
        bool_or(legacy_last) as legacy_last,
        count(case when is_essential then 1 end) as essential_count
    from survivorship
    group by entity, attribute_group

),

ruled_cells as (

    select
        cells.entity,
        cells.record_key,
        survivorship.attribute_group,
        survivorship.is_essential,
        coalesce(hygiene_rules.outcome = 'flagged', false) as is_flagged
    from cells
    inner join survivorship
        on
            cells.entity = survivorship.entity
            and cells.attribute = survivorship.attribute
    left join hygiene_rules
        on cells.rule = hygiene_rules.rule
    where cells.value is not null

),

filled as (

    select
        entity,
        record_key,
        attribute_group,
        count(*) as filled_count,
        count(case when is_essential then 1 end) as filled_essential_count,
        bool_or(is_flagged) as is_flagged
    from ruled_cells
    group by entity, record_key, attribute_group

),

candidates as (

    select
        filled.entity,
        records.golden_id,
        filled.attribute_group,
        filled.record_key,
        records.source,
        records.record_id,
        groups.strategy,
        filled.filled_count,
        count(*) over (
            partition by filled.entity, records.golden_id, filled.attribute_group
        ) as candidate_count,
        filled.filled_essential_count = groups.essential_count as is_whole,
        (groups.flagged_last and filled.is_flagged)
        or (groups.stale_last and records.is_stale)
        or (groups.incomplete_last and records.is_incomplete)
        or (groups.legacy_last and records.is_legacy) as is_last,
        records.created_at,
        records.updated_at
    from filled
    inner join records
        on
            filled.entity = records.entity
            and filled.record_key = records.record_key
    inner join groups
        on
            filled.entity = groups.entity
            and filled.attribute_group = groups.attribute_group

),

-- Most groups have one candidate: these need no ranking, which takes time and memory.
only_candidates as (

    select
        entity,
        golden_id,
        attribute_group,
        record_key,
        source,
        record_id,
        strategy,
        cast(1 as bigint) as candidate_rank,
        candidate_count,
        cast(case when strategy = 'majority' then 1 end as bigint) as agreeing_count,
        'only' as decided_by,
        updated_at
    from candidates
    where candidate_count = 1

),

rivals as (

    select * from candidates
    where candidate_count > 1

),

known as (

    select
        entity,
        record_key,
        sum(filled_count) as known_count
    from candidates
    group by entity, record_key

),

-- Where the majority decides: what each record says of the group, and how many say the same.
said as (

    select
        rivals.entity,
        rivals.golden_id,
        rivals.record_key,
        rivals.attribute_group,
        {{ join_sorted("cells.attribute || '=' || lower(cells.value)", "' '") }} as claim
    from rivals
    inner join survivorship
        on
            rivals.entity = survivorship.entity
            and rivals.attribute_group = survivorship.attribute_group
    inner join cells
        on
            rivals.entity = cells.entity
            and rivals.record_key = cells.record_key
            and survivorship.attribute = cells.attribute
    where
        rivals.strategy = 'majority'
        and cells.value is not null
    group by rivals.entity, rivals.golden_id, rivals.record_key, rivals.attribute_group

),

agreed as (

    select
        *,
        count(*) over (
            partition by entity, golden_id, attribute_group, claim
        ) as agreeing_count
    from said

),

prioritized as (

    select
        rivals.*,
        known.known_count,
        agreed.claim,
        agreed.agreeing_count,
        coalesce(group_priority.priority, general_priority.priority) as priority
    from rivals
    inner join known
        on
            rivals.entity = known.entity
            and rivals.record_key = known.record_key
    left join agreed
        on
            rivals.entity = agreed.entity
            and rivals.record_key = agreed.record_key
            and rivals.attribute_group = agreed.attribute_group
    left join source_priority as group_priority
        on
            rivals.attribute_group = group_priority.attribute_group
            and rivals.source = group_priority.source
    left join source_priority as general_priority
        on
            general_priority.attribute_group = '*'
            and rivals.source = general_priority.source

),

scored as (

    select
        *,
        case strategy
            when 'source_priority' then -priority
            when 'majority' then agreeing_count
            when 'most_complete' then filled_count
        end as score,
        case strategy when 'most_complete' then known_count end as second_score,
        case strategy when 'oldest' then coalesce(created_at, updated_at) end as first_seen_at
    from prioritized

),

ranked as (

    select
        *,
        row_number() over candidates_in_order as candidate_rank,
        lead(is_last) over candidates_in_order as next_is_last,
        lead(is_whole) over candidates_in_order as next_is_whole,
        lead(score) over candidates_in_order as next_score,
        lead(second_score) over candidates_in_order as next_second_score,
        lead(claim) over candidates_in_order as next_claim,
        lead(first_seen_at) over candidates_in_order as next_first_seen_at,
        lead(updated_at) over candidates_in_order as next_updated_at
    from scored
    window candidates_in_order as (
        partition by entity, golden_id, attribute_group
        order by
            is_last asc,
            is_whole desc,
            score desc nulls last,
            second_score desc nulls last,
            first_seen_at asc nulls last,
            updated_at desc nulls last,
            record_key asc
    )

),

decided as (

    select
        entity,
        golden_id,
        attribute_group,
        record_key,
        source,
        record_id,
        strategy,
        candidate_rank,
        candidate_count,
        agreeing_count,
        case
            when candidate_rank > 1 then null
            when is_last <> next_is_last then 'standing'
            when is_whole <> next_is_whole then 'whole'
            when (score is distinct from next_score) or claim = next_claim then strategy
            when (second_score is distinct from next_second_score) then strategy
            when (first_seen_at is distinct from next_first_seen_at) then strategy
            when (updated_at is distinct from next_updated_at) then 'most_recent'
            else 'record_key'
        end as decided_by,
        updated_at
    from ranked

),

unioned as (

    select * from only_candidates

    union all

    select * from decided

)

select * from unioned
