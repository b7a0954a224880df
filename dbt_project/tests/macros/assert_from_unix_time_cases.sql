{# Some vendors send times as seconds since 1970. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    (0, cast('1970-01-01 00:00:00' as timestamp)),
    (1767225600, cast('2026-01-01 00:00:00' as timestamp)),
    (-1, cast('1969-12-31 23:59:59' as timestamp)),
    (9223372036854775807, null),
    (null, null)

),

results as (

    select
        *,
        {{ from_unix_time('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
