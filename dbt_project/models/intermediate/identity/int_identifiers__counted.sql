with

identifiers as (

    select * from {{ ref('int_identifiers__normalized') }}

),

records as (

    select * from {{ ref('int_records__compared') }}

),

bases as (

    select
        entity,
        attribute,
        among_others
    from {{ ref('match_weights') }}
    where by_frequency and level = 'exact'

),

linking as (

    select distinct
        entity,
        record_key,
        identifier_type,
        normalized_value,
        value_kind,
        priority,
        limit_per_customer,
        window_days,
        case
            when identifier_type in ('email', 'phone', 'domain') then identifier_type
            else 'identifier'
        end as attribute
    from identifiers
    where is_usable and is_linking

),

located as (

    select
        linking.*,
        records.record_number,
        records.population,
        records.is_latin,
        records.sounding_name,
        coalesce(records.created_at, records.updated_at) as first_seen_at,
        coalesce(records.updated_at, records.created_at) as last_seen_at
    from linking
    inner join records
        on
            linking.entity = records.entity
            and linking.record_key = records.record_key

),

sizes as (

    select
        entity,
        identifier_type,
        normalized_value,
        count(*) as record_count
    from located
    group by entity, identifier_type, normalized_value

),

-- Most values are one record's: people are told apart only where it takes telling.
shared as (

    select
        located.entity,
        located.identifier_type,
        located.normalized_value,
        -- One person's name in two alphabets is not two people's.
        greatest(
            count(distinct case when located.is_latin then located.sounding_name end),
            count(distinct case when not located.is_latin then located.sounding_name end)
        )
        -- Of records without a name, every fifth is taken for another person.
        + cast(floor(count(case when located.sounding_name is null then 1 end) / 5) as bigint)
            as people
    from located
    inner join sizes
        on
            located.entity = sizes.entity
            and located.identifier_type = sizes.identifier_type
            and located.normalized_value = sizes.normalized_value
            and sizes.record_count > 1
    group by located.entity, located.identifier_type, located.normalized_value

),

counts as (

    select
        sizes.entity,
        sizes.identifier_type,
        sizes.normalized_value,
        sizes.record_count,
        coalesce(shared.people, 1) as people
    from sizes
    left join shared
        on
            sizes.entity = shared.entity
            and sizes.identifier_type = shared.identifier_type
            and sizes.normalized_value = shared.normalized_value

),

counted as (

    select
        located.entity,
        located.record_key,
        located.record_number,
        located.identifier_type,
        located.normalized_value,
        located.value_kind,
        located.priority,
        located.limit_per_customer,
        located.window_days,
        located.first_seen_at,
        located.last_seen_at,
        counts.record_count,
        counts.people,
        {{ chance_agreement(
            'greatest(counts.people, 1)', 'located.population', 'bases.among_others'
        ) }} as chance
    from located
    inner join counts
        on
            located.entity = counts.entity
            and located.identifier_type = counts.identifier_type
            and located.normalized_value = counts.normalized_value
    inner join bases
        on
            located.entity = bases.entity
            and located.attribute = bases.attribute

)

select * from counted
