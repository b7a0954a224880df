with

source as (

    select * from {{ source('hubspot', 'contacts') }}

),

boolean_words as (

    select * from {{ ref('boolean_words') }}

),

renamed as (

    select
        ---------- ids
        id as contact_id,
        {{ hubspot_property('user_id') }} as user_id,
        {{ hubspot_property('stripe_customer_id') }} as stripe_customer_id,
        split({{ hubspot_property('hs_merged_object_ids') }}, ';') as merged_contact_ids,

        ---------- text
        {{ hubspot_property('email') }} as email,
        split({{ hubspot_property('hs_additional_emails') }}, ';') as additional_emails,
        {{ hubspot_property('firstname') }} as first_name,
        {{ hubspot_property('lastname') }} as last_name,
        {{ hubspot_property('date_of_birth') }} as date_of_birth,
        {{ hubspot_property('gender') }} as gender,
        {{ hubspot_property('phone') }} as phone,
        {{ hubspot_property('mobilephone') }} as mobile_phone,
        {{ hubspot_property('address') }} as street_address,
        {{ hubspot_property('city') }} as city,
        {{ hubspot_property('state') }} as region,
        {{ hubspot_property('zip') }} as postcode,
        {{ hubspot_property('country') }} as country,
        {{ hubspot_property('company') }} as company_name,
        {{ hubspot_property('jobtitle') }} as job_title,
        {{ hubspot_property('hs_timezone') }} as time_zone,
        split({{ hubspot_property('hs_legal_basis') }}, ';') as legal_bases,
        properties,

        ---------- booleans
        {{ parse_boolean(hubspot_property('hs_email_optout')) }} as has_opted_out_of_email,
        coalesce(archived, false) as is_archived,

        ---------- timestamps
        created_at,
        updated_at,
        archived_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
