with

events as (

    select * from {{ ref('int_events__unioned') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

visitors as (

    select * from {{ ref('int_anonymous_visitors__identified') }}

),

joined as (

    select
        events.event_key,
        -- Who was logged in; or whose browser it is, where it is one customer's alone.
        coalesce(customer_records.customer_id, visitors.customer_id) as customer_id,
        events.source,
        events.event_id,
        events.user_id,
        events.anonymous_id,
        events.event_type,
        events.event_name,
        events.page_url,
        events.page_path,
        events.referrer,
        events.utm_source,
        events.utm_medium,
        events.utm_campaign,
        events.device_type,
        events.properties,
        customer_records.customer_id is not null as is_identified,
        events.occurred_at,
        events.received_at,
        events.loaded_at
    from events
    left join customer_records
        on events.customer_record_key = customer_records.record_key
    left join visitors
        on
            events.customer_record_key is null
            and events.anonymous_id = visitors.anonymous_id

)

select * from joined
