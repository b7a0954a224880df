with

identified as (

    select * from {{ ref('int_records__identified') }}
    where entity = 'person'

),

golden_records as (

    select * from {{ ref('int_golden_records__summarized') }}
    where entity = 'person'

),

records as (

    select
        identified.source,
        identified.record_id,
        identified.golden_id as customer_id,
        identified.record_key,
        identified.is_deleted,
        golden_records.is_legacy_only
    from identified
    inner join golden_records
        on identified.golden_id = golden_records.golden_id

)

select * from records
