{{ config(materialized='view') }} {# each mart over it asks for one entity, once #}

with

cells as (

    select * from {{ ref('int_cells__cleaned') }}

),

candidates as (

    select * from {{ ref('int_candidates__ranked') }}

),

survivorship as (

    select * from {{ ref('survivorship') }}

),

reasons as (

    select * from {{ ref('survivorship_reasons') }}

),

values_ranked as (

    select
        candidates.entity,
        candidates.golden_id,
        cells.attribute,
        candidates.attribute_group,
        cells.value,
        candidates.record_key,
        candidates.updated_at,
        candidates.candidate_rank,
        candidates.candidate_count = 1 as is_only
    from cells
    inner join survivorship
        on
            cells.entity = survivorship.entity
            and cells.attribute = survivorship.attribute
    inner join candidates
        on
            cells.entity = candidates.entity
            and cells.record_key = candidates.record_key
            and survivorship.attribute_group = candidates.attribute_group
    where cells.value is not null

),

-- Most values have no other beside them: these need no grouping, which takes memory.
only_values as (

    select
        entity,
        golden_id,
        attribute,
        attribute_group,
        value,
        1 as candidate_count,
        1 as distinct_value_count,
        0 as loser_count,
        cast(null as json) as losers
    from values_ranked
    where is_only

),

compared as (

    select
        entity,
        golden_id,
        attribute,
        attribute_group,
        max(case when candidate_rank = 1 then value end) as value,
        count(*) as candidate_count,
        count(distinct value) as distinct_value_count,
        count(case when candidate_rank > 1 then 1 end) as loser_count,
        -- The first ten; the rest are but counted.
        {{ json_objects_at_lowest(
            ['record_key', 'value', 'updated_at'],
            'case when candidate_rank > 1 then candidate_rank end',
            10
        ) }} as losers
    from values_ranked
    where not is_only
    group by entity, golden_id, attribute, attribute_group

),

gathered as (

    select * from only_values

    union all
    select * from compared

),

winners as (

    select
        candidates.entity,
        candidates.golden_id,
        candidates.attribute_group,
        candidates.record_key,
        candidates.source,
        candidates.record_id,
        candidates.strategy,
        candidates.updated_at as won_at,
        replace(
            replace(reasons.reason, '{count}', cast(candidates.candidate_count as varchar)),
            '{agreeing}',
            coalesce(cast(candidates.agreeing_count as varchar), '')
        ) as reason
    from candidates
    inner join reasons
        on candidates.decided_by = reasons.decided_by
    where candidates.candidate_rank = 1

),

survived as (

    select
        ---------- ids
        gathered.entity,
        gathered.golden_id,
        gathered.attribute,
        winners.record_key,
        winners.source,
        winners.record_id,

        ---------- text
        gathered.attribute_group,
        gathered.value,
        winners.strategy,
        winners.reason,
        gathered.losers,

        ---------- numbers
        gathered.candidate_count,
        gathered.distinct_value_count,
        gathered.loser_count,

        ---------- times
        winners.won_at
    from gathered
    inner join winners
        on
            gathered.entity = winners.entity
            and gathered.golden_id = winners.golden_id
            and gathered.attribute_group = winners.attribute_group

)

select * from survived
