with

members as (

    select * from {{ ref('int_households__identified') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

purchases as (

    select * from {{ ref('int_purchases__summarized') }}

),

subscriptions as (

    select * from {{ ref('fct_subscriptions') }}

),

subscribed as (

    select
        customer_id,
        sum(reporting_mrr) as reporting_mrr
    from subscriptions
    where customer_id is not null
    group by customer_id

),

named as (

    select
        members.household_id,
        customers.customer_id,
        customers.family_name,
        customers.street_address,
        customers.city,
        customers.region_code,
        customers.postcode,
        customers.country_code,
        customers.first_seen_at,
        purchases.order_count,
        purchases.reporting_net_amount,
        subscribed.reporting_mrr,
        -- The home is told as the member tells it whose record changed last.
        row_number() over (
            partition by members.household_id
            order by customers.last_updated_at desc nulls last, customers.customer_id asc
        ) as recency_rank
    from members
    inner join customers
        on members.customer_id = customers.customer_id
    left join purchases
        on members.customer_id = purchases.customer_id
    left join subscribed
        on members.customer_id = subscribed.customer_id

),

summarized as (

    select
        ---------- ids
        household_id,

        ---------- text
        {{ join_sorted('distinct family_name', "', '") }} as family_names,
        max(case when recency_rank = 1 then street_address end) as street_address,
        max(case when recency_rank = 1 then city end) as city,
        max(case when recency_rank = 1 then region_code end) as region_code,
        max(case when recency_rank = 1 then postcode end) as postcode,
        max(case when recency_rank = 1 then country_code end) as country_code,

        ---------- numbers
        count(*) as member_count,
        cast(coalesce(sum(order_count), 0) as bigint) as order_count,
        cast(coalesce(sum(reporting_net_amount), 0) as decimal(18, 4)) as reporting_net_amount,
        cast(coalesce(sum(reporting_mrr), 0) as decimal(18, 4)) as reporting_mrr,

        ---------- times
        min(first_seen_at) as first_seen_at
    from named
    group by household_id

)

select * from summarized
