with

events as (

    select * from {{ ref('stg_segment_events__events') }}

),

grouped as (

    select
        group_id,
        occurred_at,
        loaded_at,
        traits,
        {{ json_text('traits', 'name') }} as organization_name,
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
        {{ json_text('traits', 'industry') }} as industry,
        {{ json_text('traits', 'employees') }} as employees,
        {{ json_text('traits', 'website') }} as website,
        row_number() over (
            partition by group_id
            order by occurred_at desc, received_at desc, event_id asc
        ) as recency_rank
    from events
    where event_type = 'group' and group_id is not null

),

-- The latest value of each trait: a call may repeat only what has changed.
known as (

    select
        group_id,
        {{ value_at_lowest('organization_name', 'recency_rank') }} as organization_name,
        {{ value_at_lowest('email', 'recency_rank') }} as email,
        {{ value_at_lowest('phone', 'recency_rank') }} as phone,
        {{ value_at_lowest('street_address', 'recency_rank') }} as street_address,
        {{ value_at_lowest('city', 'recency_rank') }} as city,
        {{ value_at_lowest('region', 'recency_rank') }} as region,
        {{ value_at_lowest('postcode', 'recency_rank') }} as postcode,
        {{ value_at_lowest('country', 'recency_rank') }} as country,
        {{ value_at_lowest('industry', 'recency_rank') }} as industry,
        {{ value_at_lowest('employees', 'recency_rank') }} as employees,
        {{ value_at_lowest('website', 'recency_rank') }} as website,
        {{ value_at_lowest('traits', 'recency_rank') }} as traits,
        min(occurred_at) as created_at,
        max(occurred_at) as updated_at,
        max(loaded_at) as loaded_at
    from grouped
    group by group_id

),

conformed as (

    select
        'segment_events:' || group_id as record_key,
        'segment_events' as source,
        group_id as record_id,
        organization_name as name,
        -- Many apps take the company's domain for its id.
        coalesce(
            website,
            case
                when {{ matches_pattern('lower(group_id)', "'^[a-z0-9-]+([.][a-z0-9-]+)+$'") }}
                    then group_id
            end
        ) as domain,
        email,
        phone,
        street_address,
        city,
        region,
        postcode,
        country,
        industry,
        try_cast(employees as bigint) as employees,
        traits,
        false as is_deleted,
        created_at,
        updated_at,
        loaded_at
    from known

)

select * from conformed
