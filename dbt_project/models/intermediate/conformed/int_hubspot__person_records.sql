with

contacts as (

    select * from {{ ref('stg_hubspot__contacts') }}

),

-- A contact that was merged into another is no longer sent, not even as archived.
merged_away as (

    select distinct {{ explode_list('merged_contact_ids') }} as contact_id
    from contacts

),

conformed as (

    select
        'hubspot:' || contacts.contact_id as record_key,
        'hubspot' as source,
        contacts.contact_id as record_id,
        cast(null as string) as full_name,
        contacts.first_name as given_name,
        cast(null as string) as middle_name,
        contacts.last_name as family_name,
        cast(null as string) as name_suffix,
        contacts.date_of_birth as birth_date,
        contacts.gender,
        contacts.email,
        coalesce(contacts.phone, contacts.mobile_phone) as phone,
        contacts.street_address,
        cast(null as string) as unit,
        contacts.city,
        contacts.region,
        contacts.postcode,
        contacts.country,
        contacts.company_name,
        contacts.job_title,
        contacts.time_zone,
        contacts.user_id,
        -- What no column above holds: a null takes a property out, be it HubSpot's or one here.
        {{ json_without('contacts.properties', [
            'hs_object_id', 'createdate', 'lastmodifieddate', 'firstname', 'lastname',
            'date_of_birth', 'gender', 'email', 'hs_additional_emails', 'phone',
            'mobilephone', 'address', 'city', 'state', 'zip', 'country', 'company',
            'jobtitle', 'hs_timezone', 'user_id', 'stripe_customer_id',
            'hs_merged_object_ids', 'hs_email_optout', 'hs_legal_basis',
        ]) }} as traits,
        contacts.is_archived or merged_away.contact_id is not null as is_deleted,
        contacts.created_at,
        contacts.updated_at,
        contacts.loaded_at
    from contacts
    left join merged_away
        on contacts.contact_id = merged_away.contact_id

)

select * from conformed
