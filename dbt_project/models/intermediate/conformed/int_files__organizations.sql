with

customers as (

    select * from {{ ref('stg_files__customers') }}
    where record_type = 'organization'

),

conformed as (

    select
        'files:' || record_id as record_key,
        'files' as source,
        record_id,
        coalesce(company_name, full_name) as name,
        {{ json_text('identifiers', 'domain') }} as domain,
        email,
        phone,
        street_address,
        city,
        region,
        postcode,
        country,
        cast(null as string) as industry,
        cast(null as bigint) as employees,
        traits,
        false as is_deleted,
        created_at,
        updated_at,
        loaded_at
    from customers

)

select * from conformed
