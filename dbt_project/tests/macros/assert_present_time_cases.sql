{# It is later than the build began, and not by much: the same clock, in UTC. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (expected) as (

    values
    (true)

),

results as (

    select
        *,
        {{ present_time() }} >= {{ build_time() }}
        and {{ present_time() }} < {{ hours_after(build_time(), 6) }} as actual
    from cases

)

select * from results
where actual is distinct from expected
