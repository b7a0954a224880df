with

identifiers as (

    select * from {{ ref('int_identifiers__normalized') }}

),

linking as (

    select distinct
        entity,
        record_key,
        identifier_type,
        normalized_value,
        -- Where too many names are on a value, it speaks only for the records of one name.
        case
            when distinct_names > agreement_above then name_key
            else ''
        end as agreed_name
    from identifiers
    where is_usable and is_linking

),

anchored as (

    select
        *,
        min(record_key) over (
            partition by entity, identifier_type, normalized_value, agreed_name
        ) as linked_record_key
    from linking
    where agreed_name is not null

),

linked as (

    select
        entity,
        record_key,
        linked_record_key,
        identifier_type,
        normalized_value
    from anchored
    where record_key <> linked_record_key

)

select * from linked
