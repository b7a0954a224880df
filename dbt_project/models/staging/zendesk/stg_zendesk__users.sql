with

source as (

    select * from {{ source('zendesk', 'users') }}

),

renamed as (

    select
        ---------- ids
        cast(id as string) as user_id,
        cast(organization_id as string) as organization_id,
        external_id,

        ---------- text
        name,
        alias,
        email,
        phone,
        role,
        locale,
        time_zone,
        iana_time_zone,
        details,
        notes,
        {{ json_text('user_fields', 'job_title') }} as job_title,
        {{ json_text('user_fields', 'street_address') }} as street_address,
        {{ json_text('user_fields', 'unit') }} as unit,
        {{ json_text('user_fields', 'city') }} as city,
        {{ json_text('user_fields', 'region') }} as region,
        {{ json_text('user_fields', 'postcode') }} as postcode,
        {{ json_text('user_fields', 'country') }} as country,
        {{ json_texts('tags') }} as tags,
        user_fields,

        ---------- booleans
        not coalesce(active, true) as is_deleted,
        coalesce(suspended, false) as is_suspended,
        coalesce(verified, false) as is_verified,
        coalesce(shared_phone_number, false) as has_shared_phone,

        ---------- timestamps
        last_login_at,
        created_at,
        updated_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
