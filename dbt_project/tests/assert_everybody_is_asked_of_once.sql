{#
    Who has no row here is asked of by nobody, and who has two may get a yes and a no. Every customer
    has one for each purpose that reaches people and each channel.
#}

{{ config(severity='error', meta={'dimension': 'compliance', 'owner': 'legal'}) }}

with

contactability as (

    select * from {{ ref('customer_contactability') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

processing_purposes as (

    select * from {{ ref('processing_purposes') }}
    where pii = 'contact'

),

contact_channels as (

    select distinct channel from {{ ref('contact_channels') }}

),

-- What is asked of counts for one, what is to be asked of against it: one of each comes to none.
counted as (

    select
        customer_id,
        purpose,
        channel,
        1 as row_difference
    from contactability

    union all

    select
        customers.customer_id,
        processing_purposes.purpose,
        contact_channels.channel,
        -1 as row_difference
    from customers
    cross join processing_purposes
    cross join contact_channels

),

differences as (

    select
        customer_id,
        purpose,
        channel,
        sum(row_difference) as row_difference
    from counted
    group by customer_id, purpose, channel

)

select * from differences
where row_difference <> 0
