{#
    Two records linked by decisions, by way of however many others, cannot be decided to be separate:
    one of the decisions has to go. Nothing is put together until it has.
#}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'data'}) }}

with

decisions as (

    select * from {{ ref('int_decisions__resolved') }}

),

links as ( -- noqa: ST03

    select
        record_number as node,
        other_record_number as neighbour
    from decisions
    where decision = 'link'

),

linked as (

    select * from {{ connected_components('links') }}

)

select
    decisions.record_key,
    decisions.other_record_key
from decisions
inner join linked as here
    on decisions.record_number = here.node
inner join linked as there
    on
        decisions.other_record_number = there.node
        and here.component = there.component
where decisions.decision = 'separate'

union all

-- Decided both ways on the same two.
select
    record_key,
    other_record_key
from decisions
where is_contradicted
