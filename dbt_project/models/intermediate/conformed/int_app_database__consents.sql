with

consents as (

    select * from {{ ref('stg_app_database__consents') }}

),

consents_keys as (

    select * from {{ ref('stg_app_database__consents_keys') }}

),

conformed as (

    select
        'app_database:' || consents.consent_id as consent_key,
        'app_database' as source,
        consents.consent_id,
        'app_database:' || consents.user_id as customer_record_key,
        consents.purpose,
        consents.channel,
        consents.status,
        consents.evidence,
        consents.recorded_at is not null as is_dated,
        consents.recorded_at,
        consents.loaded_at
    from consents
    inner join consents_keys
        on consents.consent_id = consents_keys.consent_id

)

select * from conformed
