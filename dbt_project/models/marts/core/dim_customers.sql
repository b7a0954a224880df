with

customers as (

    select * from {{ ref('int_customers__identified') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

person_records as (

    select * from {{ ref('int_person_records__cleaned') }}

),

ranked as (

    select
        customers.customer_id,
        person_records.*,
        row_number() over (
            partition by customers.customer_id
            order by person_records.updated_at desc nulls last, person_records.record_key asc
        ) as recency
    from customer_records
    inner join customers
        on customer_records.customer_id = customers.customer_id
    inner join person_records
        on customer_records.record_key = person_records.record_key
    -- What a source has deleted speaks for a customer only when nothing else does.
    where not person_records.is_deleted or customers.is_deleted

),

latest as (

    select
        customer_id,
        -- Parts of a name, and parts of an address, come from one record each.
        {{ value_at_lowest(
            'case when given_name is not null and family_name is not null then record_key end',
            'recency'
        ) }} as whole_name_record_key,
        {{ value_at_lowest(
            'case when full_name is not null then record_key end', 'recency'
        ) }} as name_record_key,
        {{ value_at_lowest(
            'case when coalesce(street_address, city, postcode) is not null then record_key end',
            'recency'
        ) }} as address_record_key,
        {{ value_at_lowest(
            'case when country_code is not null then record_key end', 'recency'
        ) }} as country_record_key,
        {{ value_at_lowest('birth_date', 'recency') }} as birth_date,
        {{ value_at_lowest('gender', 'recency') }} as gender,
        {{ value_at_lowest('email', 'recency') }} as email,
        {{ value_at_lowest('phone', 'recency') }} as phone,
        {{ value_at_lowest('company_name', 'recency') }} as company_name,
        {{ value_at_lowest('job_title', 'recency') }} as job_title,
        max(updated_at) as last_updated_at
    from ranked
    group by customer_id

),

merged as (

    select
        ---------- ids
        customers.customer_id,

        ---------- text
        name_records.full_name,
        name_records.given_name,
        name_records.middle_name,
        name_records.family_name,
        name_records.name_suffix,
        latest.gender,
        latest.email,
        latest.phone,
        address_records.street_address,
        address_records.unit,
        address_records.city,
        address_records.region,
        address_records.postcode,
        address_records.country_code,
        latest.company_name,
        latest.job_title,

        ---------- numbers
        customers.record_count,
        customers.source_count,

        ---------- booleans
        customers.is_deleted,

        ---------- dates and times
        latest.birth_date,
        customers.first_seen_at,
        latest.last_updated_at
    from customers
    inner join latest
        on customers.customer_id = latest.customer_id
    left join person_records as name_records
        on
            coalesce(latest.whole_name_record_key, latest.name_record_key)
            = name_records.record_key
    left join person_records as address_records
        on
            coalesce(latest.address_record_key, latest.country_record_key)
            = address_records.record_key

)

select * from merged
