with

source as (

    select * from {{ source('zendesk', 'user_identities') }}

),

renamed as (

    select
        ---------- ids
        cast(id as string) as user_identity_id,
        cast(user_id as string) as user_id,

        ---------- text
        type as identity_type,
        value as identity_value,

        ---------- booleans
        coalesce({{ adapter.quote('primary') }}, false) as is_primary,
        coalesce(verified, false) as is_verified,

        ---------- timestamps
        created_at,
        updated_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
