{# The load id is a Unix time with fractions, as text. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('1767225600', cast('2026-01-01 00:00:00' as timestamp)),
    ('1767225600.5', cast('2026-01-01 00:00:00.5' as timestamp)),
    (null, null)

),

results as (

    select
        *,
        {{ load_time('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
