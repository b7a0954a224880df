with

email_events as (

    select * from {{ ref('int_email_events__unioned') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

joined as (

    select
        email_events.email_event_key,
        customer_records.customer_id,
        email_events.source,
        email_events.email_event_id,
        email_events.source || ':' || email_events.campaign_id as campaign_key,
        email_events.campaign_id,
        email_events.campaign_name,
        email_events.event_type,
        email_events.url,
        {{ flaws([
            customer_flaws('email_events.customer_record_key', 'customer_records.customer_id'),
            time_flaws('email_events.occurred_at', 'email_events.loaded_at')
        ]) }} as flaws,
        {{ plausible_time('email_events.occurred_at', 'email_events.loaded_at') }} as occurred_at,
        email_events.loaded_at
    from email_events
    left join customer_records
        on email_events.customer_record_key = customer_records.record_key

)

select * from joined
