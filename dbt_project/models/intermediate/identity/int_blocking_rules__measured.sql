{{ config(post_hook="{{ tell_unused_rules(this) }}") }}

with

records as (

    select * from {{ ref('int_records__compared') }}

),

blocking_rules as (

    select * from {{ ref('blocking_rules') }}

),

populations as (

    select
        entity,
        count(*) as record_count,
        -- One record in so many is enough to foresee the pairs of a rule.
        greatest(
            1, cast(floor(count(*) / {{ var('identity').measured_records }}) as bigint)
        ) as step
    from records
    group by entity

),

sampled as (

    select
        records.*,
        populations.step
    from records
    inner join populations
        on records.entity = populations.entity
    where {{ is_one_in('records.record_number', 'populations.step') }}

),

keys as (

    select * from {{ blocking_keys('sampled', 'blocking_rules') }}

),

blocks as (

    select
        entity,
        rule,
        block_number,
        count(*) as record_count
    from keys
    group by entity, rule, block_number

),

foreseen as (

    select
        blocks.entity,
        blocks.rule,
        populations.record_count,
        max(blocks.record_count) * max(populations.step) as largest_block,
        cast(
            sum(blocks.record_count * (blocks.record_count - 1) / 2)
            * max(populations.step) * max(populations.step) as bigint
        ) as pair_count
    from blocks
    inner join populations
        on blocks.entity = populations.entity
    group by blocks.entity, blocks.rule, populations.record_count

),

budgeted as (

    select
        *,
        sum(pair_count) over (partition by entity order by pair_count, rule) as pairs_so_far,
        greatest(
            {{ var('identity').pairs_per_record }} * record_count,
            least(
                {{ var('identity').most_pairs_per_record }} * record_count,
                {{ var('identity').pairs_at_ease }}
            )
        ) as pair_budget
    from foreseen

),

measured as (

    select
        entity,
        rule,
        record_count,
        largest_block,
        pair_count,
        pair_budget,
        pairs_so_far <= pair_budget as is_used
    from budgeted

)

select * from measured
