with

pairs as (

    select * from {{ ref('int_pairs__weighed') }}

),

decisions as (

    select * from {{ ref('int_decisions__resolved') }}

),

edges as ( -- noqa: ST03

    select
        record_number as node,
        other_record_number as neighbour
    from pairs
    where weight > 0

    union

    select
        record_number as node,
        other_record_number as neighbour
    from decisions
    where decision = 'link'

),

components as (

    select * from {{ connected_components('edges') }}

),

connected as (

    select
        node as record_number,
        component,
        count(*) over (partition by component) as component_size
    from components

)

select * from connected
