with

profiles as (

    select * from {{ ref('stg_klaviyo__profiles') }}

),

email_suppressions as (

    {# A bounce stops the mail, too, but is nobody's wish. #}
    select
        profile_id,
        email_suppression_reason,
        email_suppressed_at
    from profiles
    where email_suppression_reason in ('UNSUBSCRIBE', 'SPAM_COMPLAINT', 'USER_SUPPRESSED')

),

subscriptions as (

    select
        profiles.profile_id,
        'email' as channel,
        case
            when email_suppressions.profile_id is not null then 'UNSUBSCRIBED'
            else profiles.email_consent
        end as consent,
        coalesce(
            email_suppressions.email_suppression_reason, profiles.email_consent_method
        ) as evidence,
        coalesce(email_suppressions.email_suppressed_at, profiles.email_consent_at)
            as consented_at,
        profiles.updated_at,
        profiles.loaded_at
    from profiles
    left join email_suppressions
        on profiles.profile_id = email_suppressions.profile_id

    union all

    select
        profile_id,
        'sms' as channel,
        sms_consent as consent,
        sms_consent_method as evidence,
        sms_consent_at as consented_at,
        updated_at,
        loaded_at
    from profiles

),

conformed as (

    select
        'klaviyo:' || profile_id || ':' || channel as consent_key,
        'klaviyo' as source,
        profile_id || ':' || channel as consent_id,
        'klaviyo:' || profile_id as customer_record_key,
        'marketing' as purpose,
        channel,
        case consent
            when 'SUBSCRIBED' then 'granted'
            when 'UNSUBSCRIBED' then 'withdrawn'
            when 'PENDING' then 'pending'
            else 'unknown'
        end as status,
        evidence,
        consented_at is not null as is_dated,
        coalesce(consented_at, updated_at) as recorded_at,
        loaded_at
    from subscriptions
    where consent is not null

)

select * from conformed
