with

source as (

    select * from {{ source('segment_events', 'quarantine') }}

),

-- Much of what is set aside is no JSON.
read_calls as (

    select
        *,
        case when {{ is_json('record') }} then {{ as_json('record') }} end as call_sent
    from source

),

renamed as (

    select
        ---------- ids
        quarantine_id,

        ---------- text
        rule,
        detail,
        status,
        file,
        {{ json_text('call_sent', 'type') }} as event_type,
        {{ json_text('call_sent', 'event') }} as event_name,
        {{ json_part('call_sent', 'properties') }} as properties,
        {{ json_part('call_sent', 'traits') }} as traits,

        ---------- numbers
        line,

        ---------- timestamps
        resolved_at,

        ---------- load metadata
        {{ load_time('load_id') }} as loaded_at

    from read_calls

)

select * from renamed
