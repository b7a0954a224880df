{#
    A source can send a field its contract does not know, and with it personal data that nobody has
    thought about: no role, no retention and no request for erasure would know of it.
#}

{{ config(severity='warn', meta={'dimension': 'compliance', 'owner': 'data'}) }}

with

inventory as (

    select * from {{ ref('pii_inventory') }}

)

select
    table_schema,
    table_name,
    column_name
from inventory
where classed_by = 'nobody'
