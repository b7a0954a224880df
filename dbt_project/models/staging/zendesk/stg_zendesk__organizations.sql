with

source as (

    select * from {{ source('zendesk', 'organizations') }}

),

renamed as (

    select
        ---------- ids
        cast(id as string) as organization_id,
        external_id,

        ---------- text
        name,
        details,
        notes,
        {{ json_text('organization_fields', 'phone') }} as phone,
        {{ json_text('organization_fields', 'street_address') }} as street_address,
        {{ json_text('organization_fields', 'city') }} as city,
        {{ json_text('organization_fields', 'region') }} as region,
        {{ json_text('organization_fields', 'postcode') }} as postcode,
        {{ json_text('organization_fields', 'country') }} as country,
        {{ json_text('organization_fields', 'industry') }} as industry,
        {{ json_texts('domain_names') }} as domain_names,
        {{ json_texts('tags') }} as tags,
        organization_fields,

        ---------- numbers
        try_cast({{ json_text('organization_fields', 'employees') }} as bigint) as employees,

        ---------- booleans
        deleted_at is not null as is_deleted,

        ---------- timestamps
        created_at,
        updated_at,
        deleted_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
