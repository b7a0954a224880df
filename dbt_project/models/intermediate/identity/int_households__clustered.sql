with

pairs as (

    select * from {{ ref('int_pairs__weighed') }}
    where entity = 'person'

),

records as (

    select * from {{ ref('int_records__compared') }}

),

identified as (

    select * from {{ ref('int_records__identified') }}
    where entity = 'person'

),

attributes as (

    select * from {{ ref('int_attributes__survived') }}
    where entity = 'person'

),

match_weights as (

    select * from {{ ref('match_weights') }}

),

positions as (

    select
        max(case when attribute = 'family_name' then position end) as family_name_position,
        max(case when attribute = 'email' then position end) as email_position,
        max(case when attribute = 'phone' then position end) as phone_position
    from match_weights
    where entity = 'person'

),

-- Where a customer lives now: an address of earlier days ties nobody to who lives there today.
homes as (

    select
        attributes.golden_id as customer_id,
        records.address_key
    from attributes
    inner join records
        on
            attributes.entity = records.entity
            and attributes.record_key = records.record_key
    where attributes.attribute = 'street_address'

),

living as (

    select
        records.record_number,
        homes.customer_id,
        homes.address_key,
        records.address_people
    from homes
    inner join identified
        on homes.customer_id = identified.golden_id
    inner join records
        on
            identified.entity = records.entity
            and identified.record_key = records.record_key
            and homes.address_key = records.address_key

),

-- A house has many doors: few live there, or a family name, a telephone or a mailbox is shared too.
ties as ( -- noqa: ST03

    select distinct
        here.customer_id as node,
        there.customer_id as neighbour
    from pairs
    cross join positions
    inner join living as here
        on pairs.record_number = here.record_number
    inner join living as there
        on
            pairs.other_record_number = there.record_number
            and here.address_key = there.address_key
            and here.customer_id <> there.customer_id
    where
        here.address_people <= {{ var('identity').household_people }}
        or (
            pairs.relation_weight > 0
            and (
                substr(pairs.pattern, positions.family_name_position, 1) in ('e', 's', 'p')
                or substr(pairs.pattern, positions.email_position, 1) = 'e'
                or substr(pairs.pattern, positions.phone_position, 1) = 'e'
            )
        )

),

households as (

    select * from {{ connected_components('ties') }}

),

clustered as (

    select
        'household' as entity,
        identified.record_key,
        identified.golden_id as customer_id,
        identified.created_at,
        min(identified.record_key) over (partition by households.component) as cluster_key
    from households
    inner join identified
        on households.node = identified.golden_id

)

select * from clustered
