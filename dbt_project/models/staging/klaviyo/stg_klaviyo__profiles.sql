with

source as (

    select * from {{ source('klaviyo', 'profiles') }}

),

renamed as (

    select
        ---------- ids
        id as profile_id,
        {{ json_text('attributes', 'external_id') }} as external_id,

        ---------- text
        {{ json_text('attributes', 'email') }} as email,
        {{ json_text('attributes', 'phone_number') }} as phone_number,
        {{ json_text('attributes', 'first_name') }} as first_name,
        {{ json_text('attributes', 'last_name') }} as last_name,
        {{ json_text('attributes', 'organization') }} as organization,
        {{ json_text('attributes', 'title') }} as title,
        {{ json_text('attributes', 'locale') }} as locale_code,
        {{ json_text('attributes', 'location.address1') }} as address1,
        {{ json_text('attributes', 'location.address2') }} as address2,
        {{ json_text('attributes', 'location.city') }} as city,
        {{ json_text('attributes', 'location.region') }} as region,
        {{ json_text('attributes', 'location.zip') }} as postcode,
        {{ json_text('attributes', 'location.country') }} as country,
        {{ json_text('attributes', 'location.timezone') }} as time_zone,
        {{ json_text('attributes', 'properties.birth_date') }} as birth_date,
        {{ json_text('attributes', 'properties.gender') }} as gender,
        {{ json_part('attributes', 'properties') }} as properties,
        {{ json_text('attributes', 'subscriptions.email.marketing.consent') }} as email_consent,
        {{ json_text('attributes', 'subscriptions.email.marketing.method') }}
            as email_consent_method,
        {{ json_text('attributes', 'subscriptions.email.marketing.suppression[0].reason') }}
            as email_suppression_reason,
        {{ json_text('attributes', 'subscriptions.sms.marketing.consent') }} as sms_consent,
        {{ json_text('attributes', 'subscriptions.sms.marketing.method') }} as sms_consent_method,

        ---------- timestamps
        {{ utc_timestamp(json_text(
            'attributes', 'subscriptions.email.marketing.consent_timestamp'
        )) }} as email_consent_at,
        {{ utc_timestamp(json_text(
            'attributes', 'subscriptions.email.marketing.suppression[0].timestamp'
        )) }} as email_suppressed_at,
        {{ utc_timestamp(json_text(
            'attributes', 'subscriptions.sms.marketing.consent_timestamp'
        )) }} as sms_consent_at,
        {{ utc_timestamp(json_text('attributes', 'last_event_date')) }} as last_event_at,
        {{ utc_timestamp(json_text('attributes', 'created')) }} as created_at,
        updated as updated_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
