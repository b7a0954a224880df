with

identifiers as (

    select * from {{ ref('int_identifiers__normalized') }}
    where is_usable

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

customer_identifiers as (

    select
        customer_records.customer_id,
        identifiers.identifier_type,
        identifiers.normalized_value as identifier_value,
        count(distinct identifiers.record_key) as record_count,
        count(distinct identifiers.source) as source_count,
        max(identifiers.loaded_at) as last_loaded_at
    from identifiers
    inner join customer_records
        on identifiers.record_key = customer_records.record_key
    where identifiers.entity = 'person'
    group by
        customer_records.customer_id, identifiers.identifier_type, identifiers.normalized_value

)

select * from customer_identifiers
