with

tickets as (

    select * from {{ ref('stg_zendesk__tickets') }}

),

conformed as (

    select
        'zendesk:' || ticket_id as ticket_key,
        'zendesk' as source,
        ticket_id,
        'zendesk:' || requester_id as customer_record_key,
        'zendesk:' || organization_id as organization_record_key,
        subject,
        status,
        priority,
        channel,
        satisfaction,
        is_deleted,
        created_at,
        updated_at,
        solved_at,
        loaded_at
    from tickets

)

select * from conformed
