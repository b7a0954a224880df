{# Each is one that dbt knows of the engine. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (expected) as (

    values
    (true)

),

results as (

    select
        *,
        '{{ replacing_strategy() }}' in ('delete+insert', 'insert_overwrite') as actual
    from cases

)

select * from results
where actual is distinct from expected
