with

contacts as (

    select * from {{ ref('stg_hubspot__contacts') }}

),

decided as (

    select
        *,
        case
            when has_opted_out_of_email then 'withdrawn'
            when
                array_contains(legal_bases, 'Freely given consent from contact')
                then 'granted'
            else 'unknown'
        end as status
    from contacts

),

conformed as (

    select
        'hubspot:' || contact_id as consent_key,
        'hubspot' as source,
        contact_id as consent_id,
        'hubspot:' || contact_id as customer_record_key,
        'marketing' as purpose,
        'email' as channel,
        status,
        case status
            when 'withdrawn' then 'hs_email_optout'
            when 'granted' then 'hs_legal_basis: ' || {{ join_list('legal_bases', "'; '") }}
        end as evidence,
        false as is_dated,
        -- HubSpot does not say when it was decided, only when the contact was created and last
        -- changed. A withdrawal counts from the latest time it can have been made, and all else
        -- from the earliest, so that it never outranks a withdrawal made elsewhere.
        case when status = 'withdrawn' then updated_at else created_at end as recorded_at,
        loaded_at
    from decided

)

select * from conformed
