with

clustered as (

    select * from {{ ref('int_households__clustered') }}

),

assignments as (

    select * from {{ ref('int_household_ids__assigned') }}

),

held as (

    select * from {{ ids_held('assignments') }}

),

identified as (

    select distinct
        clustered.customer_id,
        held.golden_id as household_id
    from clustered
    inner join held
        on
            clustered.entity = held.entity
            and clustered.record_key = held.record_key

)

select * from identified
