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
        distinct_names,
        case
            when identifier_type in ('email', 'phone', 'domain') then identifier_type
            else 'identifier'
        end as attribute
    from identifiers
    where is_usable and is_linking

),

counted as (

    select
        linking.*,
        records.record_number,
        records.population,
        count(*) over (
            partition by linking.entity, linking.identifier_type, linking.normalized_value
        ) as record_count
    from linking
    inner join records
        on
            linking.entity = records.entity
            and linking.record_key = records.record_key

),

weighed as (

    select
        counted.*,
        {{ chance_agreement('counted.record_count', 'counted.population', 'bases.among_others') }}
            as chance
    from counted
    inner join bases
        on
            counted.entity = bases.entity
            and counted.attribute = bases.attribute

)

select * from weighed
