with

permitted as (

    select * from {{ ref('customer_contactability') }}
    where may_contact and purpose = 'marketing' and channel = 'email'

),

customers as (

    select * from {{ ref('customer_360') }}

),

subscribers as (

    select
        ---------- ids
        customers.customer_id,

        ---------- text
        customers.email,
        customers.given_name,
        customers.family_name,
        customers.locale,
        customers.country_code,
        customers.segment,
        permitted.consent_source,
        customers.reporting_currency,

        ---------- numbers
        customers.order_count,
        customers.reporting_net_amount,
        customers.expected_value,

        ---------- times
        permitted.consent_effective_at,
        customers.last_ordered_at,
        permitted.judged_at
    from permitted
    inner join customers
        on permitted.customer_id = customers.customer_id

)

select * from subscribers
