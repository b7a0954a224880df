with

profiles as (

    select * from {{ ref('stg_klaviyo__profiles') }}

),

conformed as (

    select
        'klaviyo:' || profile_id as record_key,
        'klaviyo' as source,
        profile_id as record_id,
        cast(null as string) as full_name,
        first_name as given_name,
        cast(null as string) as middle_name,
        last_name as family_name,
        cast(null as string) as name_suffix,
        birth_date,
        gender,
        email,
        phone_number as phone,
        address1 as street_address,
        address2 as unit,
        city,
        region,
        postcode,
        country,
        organization as company_name,
        title as job_title,
        time_zone,
        external_id as user_id,
        {{ json_of({
            'locale': 'locale_code',
            'last_event_at': 'last_event_at',
            'properties': 'properties',
        }, documents=['properties']) }} as traits,
        {# Klaviyo no longer lists a profile it deleted, and tells no one. #}
        false as is_deleted,
        created_at,
        updated_at,
        loaded_at
    from profiles

)

select * from conformed
