with

customers as (

    select * from {{ ref('dim_customers') }}

),

attribute_sources as (

    select * from {{ ref('customer_attribute_sources') }}

),

cells as (

    select * from {{ ref('int_cells__cleaned') }}
    where entity = 'person'

),

email_events as (

    select * from {{ ref('int_email_events__unioned') }}

),

address_flags as (

    select * from {{ ref('address_flags') }}

),

-- What cleaning says of the very value that won, not of any the customer has.
doubtful as (

    select
        attribute_sources.customer_id,
        address_flags.channel,
        address_flags.flag,
        address_flags.purpose
    from address_flags
    inner join cells
        on address_flags.flag = cells.rule
    inner join attribute_sources
        on
            cells.record_key = attribute_sources.record_key
            and cells.attribute = attribute_sources.attribute
    where address_flags.found_in = 'cleaning' and attribute_sources.value is not null

),

-- Mail goes to the address its record has, which need not be the one the customer is known by.
mailed as (

    select
        cells.value as email,
        email_events.event_type,
        max({{ plausible_time('email_events.occurred_at', 'email_events.loaded_at') }})
            as last_occurred_at
    from email_events
    inner join cells
        on
            email_events.customer_record_key = cells.record_key
            and cells.attribute = 'email'
    where cells.value is not null
    group by cells.value, email_events.event_type

),

refused as (

    select
        customers.customer_id,
        address_flags.channel,
        address_flags.flag,
        address_flags.purpose
    from address_flags
    inner join mailed
        on address_flags.flag = mailed.event_type
    inner join customers
        on mailed.email = customers.email
    left join mailed as lifting
        on
            mailed.email = lifting.email
            and address_flags.lifted_by = lifting.event_type
    where
        address_flags.found_in = 'e-mail event'
        and coalesce(lifting.last_occurred_at <= mailed.last_occurred_at, true)

),

flagged as (

    select * from doubtful

    union

    select * from refused

)

select * from flagged
