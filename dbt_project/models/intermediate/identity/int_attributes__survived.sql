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

rectifications as (

    select * from {{ ref('int_rectifications__current') }}

),

attribute_values as (

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

-- What the person put right comes before the first of their records, also where it is nothing.
rectified as (

    select
        survivorship.entity,
        rectifications.customer_id as golden_id,
        rectifications.attribute,
        survivorship.attribute_group,
        rectifications.value,
        'request:' || rectifications.request_id as record_key,
        rectifications.rectified_at as updated_at,
        0 as candidate_rank,
        false as is_only,
        rectifications.request_id
    from rectifications
    inner join survivorship
        on rectifications.attribute = survivorship.attribute
    where survivorship.entity = 'person'

),

values_ranked as (

    select
        attribute_values.entity,
        attribute_values.golden_id,
        attribute_values.attribute,
        attribute_values.attribute_group,
        attribute_values.value,
        attribute_values.record_key,
        attribute_values.updated_at,
        attribute_values.candidate_rank,
        attribute_values.is_only and rectified.golden_id is null as is_only,
        case when rectified.golden_id is null then 1 else 0 end as first_rank
    from attribute_values
    left join rectified
        on
            attribute_values.entity = rectified.entity
            and attribute_values.golden_id = rectified.golden_id
            and attribute_values.attribute = rectified.attribute

    union all

    select
        entity,
        golden_id,
        attribute,
        attribute_group,
        value,
        record_key,
        updated_at,
        candidate_rank,
        is_only,
        0 as first_rank
    from rectified

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
        {{ as_json('null') }} as losers
    from values_ranked
    where is_only

),

compared as (

    select
        entity,
        golden_id,
        attribute,
        attribute_group,
        max(case when candidate_rank = first_rank then value end) as value,
        count(*) as candidate_count,
        count(distinct coalesce(value, '')) as distinct_value_count,
        count(case when candidate_rank > first_rank then 1 end) as loser_count,
        -- The first ten; the rest are but counted.
        {{ json_objects_at_lowest(
            ['record_key', 'value', 'updated_at'],
            'case when candidate_rank > first_rank then candidate_rank end',
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
            replace(reasons.reason, '{count}', cast(candidates.candidate_count as string)),
            '{agreeing}',
            coalesce(cast(candidates.agreeing_count as string), '')
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
        coalesce(rectified.record_key, winners.record_key) as record_key,
        case when rectified.golden_id is null then winners.source else 'request' end as source,
        coalesce(rectified.request_id, winners.record_id) as record_id,

        ---------- text
        gathered.attribute_group,
        gathered.value,
        case when rectified.golden_id is null then winners.strategy else 'rectified' end
            as strategy,
        case when rectified.golden_id is null then winners.reason else reasons.reason end
            as reason,
        gathered.losers,

        ---------- numbers
        gathered.candidate_count,
        gathered.distinct_value_count,
        gathered.loser_count,

        ---------- times
        coalesce(rectified.updated_at, winners.won_at) as won_at
    from gathered
    left join winners
        on
            gathered.entity = winners.entity
            and gathered.golden_id = winners.golden_id
            and gathered.attribute_group = winners.attribute_group
    left join rectified
        on
            gathered.entity = rectified.entity
            and gathered.golden_id = rectified.golden_id
            and gathered.attribute = rectified.attribute
    left join reasons
        on reasons.decided_by = 'rectified'

)

select * from survived
