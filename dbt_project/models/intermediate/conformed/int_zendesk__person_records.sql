with

users as (

    select * from {{ ref('stg_zendesk__users') }}

),

organizations as (

    select * from {{ ref('stg_zendesk__organizations') }}

),

conformed as (

    select
        'zendesk:' || users.user_id as record_key,
        'zendesk' as source,
        users.user_id as record_id,
        users.name as full_name,
        cast(null as string) as given_name,
        cast(null as string) as middle_name,
        cast(null as string) as family_name,
        cast(null as string) as name_suffix,
        cast(null as string) as birth_date,
        cast(null as string) as gender,
        users.email,
        users.phone,
        users.street_address,
        users.unit,
        users.city,
        users.region,
        users.postcode,
        users.country,
        organizations.name as company_name,
        users.job_title,
        coalesce(users.iana_time_zone, users.time_zone) as time_zone,
        users.external_id as user_id,
        {{ json_of({
            'role': 'users.role',
            'locale': 'users.locale',
            'tags': 'users.tags',
            'is_suspended': 'users.is_suspended',
            'user_fields': 'users.user_fields',
        }, documents=['user_fields']) }} as traits,
        users.is_deleted,
        users.created_at,
        users.updated_at,
        users.loaded_at
    from users
    left join organizations
        on users.organization_id = organizations.organization_id

)

select * from conformed
