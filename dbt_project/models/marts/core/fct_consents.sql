with

consents as (

    select * from {{ ref('int_consents__recorded') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

joined as (

    select
        consents.consent_key,
        customer_records.customer_id,
        consents.source,
        consents.consent_id,
        consents.purpose,
        consents.channel,
        consents.status,
        consents.evidence,
        {{ flaws([
            customer_flaws('consents.customer_record_key', 'customer_records.customer_id'),
            time_flaws('consents.recorded_at', 'consents.loaded_at')
        ]) }} as flaws,
        consents.is_dated,
        {{ plausible_time('consents.recorded_at', 'consents.loaded_at') }} as recorded_at,
        consents.loaded_at
    from consents
    left join customer_records
        on consents.customer_record_key = customer_records.record_key

)

select * from joined
