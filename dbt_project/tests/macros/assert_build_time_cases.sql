{# It is a time that a build can compare with others: not after now. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (expected) as (

    values
    (true)

),

results as (

    select
        *,
        {{ build_time() }} <= cast(current_timestamp as timestamp) + interval 1 day as actual
    from cases

)

select * from results
where actual is distinct from expected
