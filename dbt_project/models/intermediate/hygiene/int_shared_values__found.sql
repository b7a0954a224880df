with

identifiers as (

    select * from {{ ref('int_identifiers__normalized') }}

),

found as (

    select
        entity,
        identifier_type,
        normalized_value,
        distinct_names,
        maximum_names,
        count(distinct record_key) as record_count,
        count(distinct source) as source_count
    from identifiers
    where unusable_reason = 'shared'
    group by entity, identifier_type, normalized_value, distinct_names, maximum_names

)

select * from found
