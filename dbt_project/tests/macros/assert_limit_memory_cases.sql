{# Said in the session, or when the engine started. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (expected) as (

    values
    (true)

),

results as (

    select
        *,
        '{{ limit_memory('4GB') | replace("'", '') | trim }}'
        in ('set global memory_limit = 4GB', '') as actual
    from cases

)

select * from results
where actual is distinct from expected
