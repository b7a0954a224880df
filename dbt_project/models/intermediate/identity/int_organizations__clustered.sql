with

organizations as (

    select * from {{ ref('int_organizations__cleaned') }}

),

identifiers as (

    select * from {{ ref('int_identifiers__linked') }}

),

numbered as (

    select
        record_key,
        row_number() over (order by record_key) as record_number
    from organizations

),

edges as ( -- noqa: ST03

    select
        here.record_number as node,
        there.record_number as neighbour
    from identifiers
    inner join numbered as here
        on identifiers.record_key = here.record_key
    inner join numbered as there
        on identifiers.linked_record_key = there.record_key
    where identifiers.entity = 'organization'

),

components as (

    select * from {{ connected_components('edges') }}

),

clustered as (

    select
        numbered.record_key,
        coalesce(first_records.record_key, numbered.record_key) as cluster_key
    from numbered
    left join components
        on numbered.record_number = components.node
    left join numbered as first_records
        on components.component = first_records.record_number

)

select * from clustered
