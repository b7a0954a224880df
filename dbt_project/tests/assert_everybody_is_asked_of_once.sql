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

expected as (

    select
        customers.customer_id,
        processing_purposes.purpose,
        contact_channels.channel
    from customers
    cross join processing_purposes
    cross join contact_channels

),

actual as (

    select
        customer_id,
        purpose,
        channel
    from contactability

),

differences as (

    (
        select * from expected
        except all
        select * from actual
    )

    union all

    (
        select * from actual
        except all
        select * from expected
    )

)

select * from differences
