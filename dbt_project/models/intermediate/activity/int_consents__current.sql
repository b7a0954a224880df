with

consents as (

    select * from {{ ref('int_consents__unioned') }}

),

identified as (

    select * from {{ ref('int_records__identified') }}
    where entity = 'person'

),

decided as (

    select
        identified.golden_id as customer_id,
        consents.purpose,
        consents.channel,
        consents.source,
        consents.status,
        {{ plausible_time('consents.recorded_at', 'consents.loaded_at') }} as recorded_at,
        row_number() over (
            partition by
                consents.customer_record_key, consents.purpose, consents.channel
            order by
                {{ plausible_time('consents.recorded_at', 'consents.loaded_at') }} desc nulls last,
                consents.consent_key desc
        ) as recency_rank
    from consents
    inner join identified
        on consents.customer_record_key = identified.record_key

),

-- Where the records of a customer disagree, the answer is no.
current_state as (

    select
        customer_id,
        purpose,
        channel,
        case
            when bool_or(status = 'withdrawn') then 'withdrawn'
            when bool_or(status = 'granted') then 'granted'
            else 'unknown'
        end as status,
        max(recorded_at) as recorded_at
    from decided
    where recency_rank = 1
    group by customer_id, purpose, channel

)

select * from current_state
