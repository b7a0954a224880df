with

tickets as (

    select * from {{ ref('int_tickets__unioned') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

account_records as (

    select * from {{ ref('xref_account_records') }}

),

joined as (

    select
        tickets.ticket_key,
        customer_records.customer_id,
        account_records.account_id,
        tickets.source,
        tickets.ticket_id,
        tickets.subject,
        tickets.status,
        tickets.priority,
        tickets.channel,
        tickets.satisfaction,
        {{ flaws([
            customer_flaws('tickets.customer_record_key', 'customer_records.customer_id'),
            time_flaws('tickets.created_at', 'tickets.loaded_at')
        ]) }} as flaws,
        tickets.is_deleted,
        {{ plausible_time('tickets.created_at', 'tickets.loaded_at') }} as created_at,
        tickets.updated_at,
        tickets.solved_at,
        tickets.loaded_at
    from tickets
    left join customer_records
        on tickets.customer_record_key = customer_records.record_key
    left join account_records
        on tickets.organization_record_key = account_records.record_key

)

select * from joined
