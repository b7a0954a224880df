with

events as (

    select * from {{ ref('stg_segment_events__events') }}

),

identified as (

    select
        user_id,
        occurred_at,
        traits,
        {{ json_text('traits', 'name') }} as full_name,
        coalesce(
            {{ json_text('traits', 'firstName') }},
            {{ json_text('traits', 'first_name') }}
        ) as given_name,
        coalesce(
            {{ json_text('traits', 'middleName') }},
            {{ json_text('traits', 'middle_name') }}
        ) as middle_name,
        coalesce(
            {{ json_text('traits', 'lastName') }},
            {{ json_text('traits', 'last_name') }}
        ) as family_name,
        {{ json_text('traits', 'birthday') }} as birth_date,
        {{ json_text('traits', 'gender') }} as gender,
        {{ json_text('traits', 'email') }} as email,
        {{ json_text('traits', 'phone') }} as phone,
        {{ json_text('traits', 'address.street') }} as street_address,
        {{ json_text('traits', 'address.city') }} as city,
        {{ json_text('traits', 'address.state') }} as region,
        coalesce(
            {{ json_text('traits', 'address.postalCode') }},
            {{ json_text('traits', 'address.postal_code') }}
        ) as postcode,
        {{ json_text('traits', 'address.country') }} as country,
        {{ json_text('traits', 'company.name') }} as company_name,
        {{ json_text('traits', 'title') }} as job_title,
        coalesce({{ json_text('traits', 'timezone') }}, time_zone) as time_zone,
        row_number() over (
            partition by user_id
            order by occurred_at desc, received_at desc, event_id asc
        ) as recency_rank
    from events
    where event_type = 'identify'

),

-- The latest value of each trait: a call may repeat only what has changed.
known as (

    select
        user_id,
        {{ value_at_lowest('full_name', 'recency_rank') }} as full_name,
        {{ value_at_lowest('given_name', 'recency_rank') }} as given_name,
        {{ value_at_lowest('middle_name', 'recency_rank') }} as middle_name,
        {{ value_at_lowest('family_name', 'recency_rank') }} as family_name,
        {{ value_at_lowest('birth_date', 'recency_rank') }} as birth_date,
        {{ value_at_lowest('gender', 'recency_rank') }} as gender,
        {{ value_at_lowest('email', 'recency_rank') }} as email,
        {{ value_at_lowest('phone', 'recency_rank') }} as phone,
        {{ value_at_lowest('street_address', 'recency_rank') }} as street_address,
        {{ value_at_lowest('city', 'recency_rank') }} as city,
        {{ value_at_lowest('region', 'recency_rank') }} as region,
        {{ value_at_lowest('postcode', 'recency_rank') }} as postcode,
        {{ value_at_lowest('country', 'recency_rank') }} as country,
        {{ value_at_lowest('company_name', 'recency_rank') }} as company_name,
        {{ value_at_lowest('job_title', 'recency_rank') }} as job_title,
        {{ value_at_lowest('time_zone', 'recency_rank') }} as time_zone,
        {{ value_at_lowest('traits', 'recency_rank') }} as traits,
        max(occurred_at) as identified_at
    from identified
    where user_id is not null
    group by user_id

),

seen as (

    select
        user_id,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at,
        max(loaded_at) as loaded_at
    from events
    where user_id is not null
    group by user_id

),

conformed as (

    select
        'segment_events:' || seen.user_id as record_key,
        'segment_events' as source,
        seen.user_id as record_id,
        known.full_name,
        known.given_name,
        known.middle_name,
        known.family_name,
        cast(null as string) as name_suffix,
        known.birth_date,
        known.gender,
        known.email,
        known.phone,
        known.street_address,
        cast(null as string) as unit,
        known.city,
        known.region,
        known.postcode,
        known.country,
        known.company_name,
        known.job_title,
        known.time_zone,
        seen.user_id,
        known.traits,
        false as is_deleted,
        seen.first_seen_at as created_at,
        coalesce(known.identified_at, seen.last_seen_at) as updated_at,
        seen.loaded_at
    from seen
    left join known
        on seen.user_id = known.user_id

)

select * from conformed
