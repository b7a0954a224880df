with

identifiers as (

    select * from {{ ref('int_identifiers__normalized') }}

),

identified as (

    select * from {{ ref('int_records__identified') }}
    where entity = 'person'

),

visitors as (

    select
        identifiers.normalized_value as anonymous_id,
        min(identified.golden_id) as customer_id
    from identifiers
    inner join identified
        on identifiers.record_key = identified.record_key
    where identifiers.identifier_type = 'anonymous_id' and identifiers.is_usable
    group by identifiers.normalized_value
    having count(distinct identified.golden_id) = 1

)

select * from visitors
