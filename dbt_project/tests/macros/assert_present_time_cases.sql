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
        {{ seconds_between(build_time(), present_time()) }} between 0 and 6 * 3600 as actual
    from cases

)

select * from results
where actual is distinct from expected
