with

logins as (

    select * from {{ ref('stg_app_database__logins') }}

),

conformed as (

    select
        'app_database:login:' || login_id as event_key,
        'app_database' as source,
        'login:' || login_id as event_id,
        'app_database:' || user_id as customer_record_key,
        user_id,
        cast(null as string) as anonymous_id,
        'login' as event_type,
        'Logged In' as event_name,
        cast(null as string) as page_url,
        cast(null as string) as page_path,
        cast(null as string) as referrer,
        cast(null as string) as utm_source,
        cast(null as string) as utm_medium,
        cast(null as string) as utm_campaign,
        device_type,
        cast(null as string) as time_zone,
        {{ json_of({
            'device_id': 'device_id',
            'user_agent': 'user_agent',
            'ip_address': 'ip_address',
        }) }} as properties,
        logged_in_at as occurred_at,
        logged_in_at as received_at,
        loaded_at
    from logins

)

select * from conformed
