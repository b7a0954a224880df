with

customers as (

    select * from {{ ref('stg_shopify__customers') }}

),

deleted_customers as (

    select * from {{ ref('stg_shopify__deleted_customers') }}

),

orders as (

    select
        *,
        coalesce(billing_address, shipping_address) as address
    from {{ ref('stg_shopify__orders') }}
    where not is_test

),

account_holders as (

    select
        customers.customer_id as record_id,
        customers.first_name as given_name,
        customers.last_name as family_name,
        customers.email,
        coalesce(customers.phone, customers.address_phone) as phone,
        customers.street_address,
        customers.unit,
        customers.city,
        customers.region,
        customers.postcode,
        coalesce(customers.country_code, customers.country) as country,
        customers.company_name,
        customers.user_id,
        {{ json_of({
            'account_state': 'customers.account_state',
            'locale': 'customers.locale',
            'tags': 'customers.tags',
            'number_of_orders': 'customers.number_of_orders',
            'amount_spent': 'customers.amount_spent',
            'currency': 'customers.currency',
            'is_tax_exempt': 'customers.is_tax_exempt',
            'is_email_verified': 'customers.is_email_verified',
        }, documents=['tags']) }} as traits,
        deleted_customers.customer_id is not null as is_deleted,
        customers.created_at,
        customers.updated_at,
        greatest(customers.loaded_at, deleted_customers.loaded_at) as loaded_at
    from customers
    left join deleted_customers
        on customers.customer_id = deleted_customers.customer_id

),

{# Someone is a guest also where the shop names a customer it did not send. #}
guests as (

    select
        'order:' || orders.order_id as record_id,
        {{ json_text('orders.address', 'firstName') }} as given_name,
        {{ json_text('orders.address', 'lastName') }} as family_name,
        orders.email,
        coalesce(orders.phone, {{ json_text('orders.address', 'phone') }}) as phone,
        {{ json_text('orders.address', 'address1') }} as street_address,
        {{ json_text('orders.address', 'address2') }} as unit,
        {{ json_text('orders.address', 'city') }} as city,
        {{ json_text('orders.address', 'province') }} as region,
        {{ json_text('orders.address', 'zip') }} as postcode,
        coalesce(
            {{ json_text('orders.address', 'countryCodeV2') }},
            {{ json_text('orders.address', 'country') }}
        ) as country,
        {{ json_text('orders.address', 'company') }} as company_name,
        cast(null as string) as user_id,
        {{ json_of({'is_guest': 'true'}) }} as traits,
        false as is_deleted,
        orders.processed_at as created_at,
        orders.updated_at,
        orders.loaded_at
    from orders
    left join customers
        on orders.customer_id = customers.customer_id
    where customers.customer_id is null

),

people as (

    select * from account_holders

    union all

    {# Nobody can be told from a sale at a counter that left no name, address or number. #}
    select * from guests
    where coalesce(given_name, family_name, email, phone, street_address) is not null

),

conformed as (

    select
        'shopify:' || record_id as record_key,
        'shopify' as source,
        record_id,
        cast(null as string) as full_name,
        given_name,
        cast(null as string) as middle_name,
        family_name,
        cast(null as string) as name_suffix,
        cast(null as string) as birth_date,
        cast(null as string) as gender,
        email,
        phone,
        street_address,
        unit,
        city,
        region,
        postcode,
        country,
        company_name,
        cast(null as string) as job_title,
        cast(null as string) as time_zone,
        user_id,
        traits,
        is_deleted,
        created_at,
        updated_at,
        loaded_at
    from people

)

select * from conformed
