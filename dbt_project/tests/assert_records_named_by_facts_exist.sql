{#
    A fact that names a person record nobody delivered ends up without a customer. It is kept, and has
    the flaw `customer_unknown`; the build goes on, and says so.
#}

{{ config(severity='warn', meta={'dimension': 'integrity', 'owner': 'data'}) }}

with

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

named_records as (

    select customer_record_key from {{ ref('int_orders__unioned') }}

    union
    select customer_record_key from {{ ref('int_invoices__unioned') }}

    union
    select customer_record_key from {{ ref('int_payments__unioned') }}

    union
    select customer_record_key from {{ ref('int_subscriptions__unioned') }}

    union
    select customer_record_key from {{ ref('int_tickets__unioned') }}

    union
    select customer_record_key from {{ ref('int_email_events__unioned') }}

    union
    select customer_record_key from {{ ref('int_events__unioned') }}

    union
    select customer_record_key from {{ ref('int_consents__unioned') }}

    union
    select customer_record_key from {{ ref('int_deals__unioned') }}

)

select named_records.customer_record_key
from named_records
left join customer_records
    on named_records.customer_record_key = customer_records.record_key
where
    named_records.customer_record_key is not null
    and customer_records.record_key is null
