{# Of decisions that contradict each other one has to go. Nothing is put together until it has. #}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'data'}) }}

with

decisions as (

    select * from {{ ref('int_decisions__resolved') }}

)

select * from {{ contradictions('decisions') }}
