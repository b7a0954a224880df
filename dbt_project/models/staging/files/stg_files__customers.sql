with

source as (

    select * from {{ source('files', 'customers') }}

),

renamed as (

    select
        ---------- ids
        record_id,
        user_id,

        ---------- text
        dataset,
        record_type,
        full_name,
        given_name,
        middle_name,
        family_name,
        name_suffix,
        birth_date,
        gender,
        email,
        phone,
        street_address,
        unit,
        city,
        region,
        postcode,
        country,
        company_name,
        job_title,
        time_zone,
        identifiers,
        traits,

        ---------- timestamps
        created_at,
        updated_at,

        ---------- load metadata
        file,
        line,
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
