{#
    What every group of records goes by, and which records go by another id than they did. Where the
    records of an id have come apart, most of them keep it; where those of several have come together,
    the one founded first stays; a group of none has one made of the key of its first record, and
    where that one has gone to others, of a number, too.
#}

{% macro assigned_ids(clustered, assignments) -%}
    {%- set founding_text -%}
        ordered.record_key || coalesce('#' || times_given.times, '')
    {%- endset -%}
    (
        with

        held as (

            select * from {{ ids_held(assignments) }}

        ),

        ids as (

            select
                entity,
                golden_id,
                min(founding_record_key) as founding_record_key,
                min(founded_at) as founded_at
            from {{ assignments }} as assignments
            group by entity, golden_id

        ),

        placed as (

            select
                clustered.entity,
                clustered.record_key,
                clustered.cluster_key,
                clustered.created_at,
                held.golden_id
            from {{ clustered }} as clustered
            left join held
                on
                    clustered.entity = held.entity
                    and clustered.record_key = held.record_key

        ),

        ids_placed as (

            select
                entity,
                golden_id,
                min(cluster_key) = max(cluster_key) as is_in_one_group
            from placed
            group by entity, golden_id

        ),

        unsettled_groups as (

            select
                placed.entity,
                placed.cluster_key
            from placed
            left join ids_placed
                on
                    placed.entity = ids_placed.entity
                    and placed.golden_id = ids_placed.golden_id
            group by placed.entity, placed.cluster_key
            having
                count(placed.golden_id) < count(*)
                or min(placed.golden_id) < max(placed.golden_id)
                or not bool_and(ids_placed.is_in_one_group)

        ),

        -- Most groups are what they were: only the others take working out.
        ordered as (

            select
                placed.entity,
                placed.record_key,
                placed.cluster_key,
                placed.created_at,
                placed.golden_id,
                row_number() over (
                    partition by placed.entity, placed.cluster_key
                    order by placed.created_at asc nulls last, placed.record_key asc
                ) as seniority
            from placed
            inner join unsettled_groups
                on
                    placed.entity = unsettled_groups.entity
                    and placed.cluster_key = unsettled_groups.cluster_key

        ),

        claims as (

            select
                entity,
                cluster_key,
                golden_id,
                count(*) as record_count,
                min(created_at) as first_created_at,
                min(record_key) as first_record_key
            from ordered
            where golden_id is not null
            group by entity, cluster_key, golden_id

        ),

        majorities as (

            select
                *,
                row_number() over (
                    partition by entity, golden_id
                    order by
                        record_count desc,
                        first_created_at asc nulls last,
                        first_record_key asc
                ) as claim_rank
            from claims

        ),

        survivors as (

            select
                majorities.entity,
                majorities.cluster_key,
                majorities.golden_id,
                ids.founding_record_key,
                ids.founded_at,
                row_number() over (
                    partition by majorities.entity, majorities.cluster_key
                    order by ids.founded_at asc nulls last, ids.founding_record_key asc, ids.golden_id asc
                ) as age_rank
            from majorities
            inner join ids
                on
                    majorities.entity = ids.entity
                    and majorities.golden_id = ids.golden_id
            where majorities.claim_rank = 1

        ),

        times_given as (

            select
                entity,
                founding_record_key,
                count(distinct golden_id) as times
            from {{ assignments }} as assignments
            group by entity, founding_record_key

        ),

        founders as (

            select
                ordered.entity,
                ordered.cluster_key,
                ordered.record_key as founding_record_key,
                ordered.created_at as founded_at,
                case ordered.entity
                    when 'person' then {{ durable_id('cus', founding_text) }}
                    when 'organization' then {{ durable_id('acc', founding_text) }}
                    else {{ durable_id('hhd', founding_text) }}
                end as new_id
            from ordered
            left join times_given
                on
                    ordered.entity = times_given.entity
                    and ordered.record_key = times_given.founding_record_key
            where ordered.seniority = 1

        ),

        named as (

            select
                founders.entity,
                founders.cluster_key,
                coalesce(survivors.golden_id, founders.new_id) as golden_id,
                coalesce(survivors.founding_record_key, founders.founding_record_key)
                    as founding_record_key,
                case
                    when survivors.golden_id is null then founders.founded_at
                    else survivors.founded_at
                end as founded_at
            from founders
            left join survivors
                on
                    founders.entity = survivors.entity
                    and founders.cluster_key = survivors.cluster_key
                    and survivors.age_rank = 1

        ),

        changed as (

            select
                ordered.entity,
                ordered.record_key,
                ordered.cluster_key,
                named.golden_id,
                ordered.golden_id as previous_id,
                named.founding_record_key,
                named.founded_at
            from ordered
            inner join named
                on
                    ordered.entity = named.entity
                    and ordered.cluster_key = named.cluster_key
            where ordered.golden_id is distinct from named.golden_id

        )

        select
            entity,
            record_key,
            cluster_key,
            golden_id,
            previous_id,
            founding_record_key,
            founded_at
        from changed
    )
{%- endmacro %}
