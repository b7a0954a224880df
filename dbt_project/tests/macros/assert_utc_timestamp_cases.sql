{# All times are UTC without a zone, whatever offset the vendor writes. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('2026-01-01T00:00:00Z', cast('2026-01-01 00:00:00' as timestamp)),
    ('2026-01-01T02:00:00+02:00', cast('2026-01-01 00:00:00' as timestamp)),
    ('2026-01-01 00:00:00', cast('2026-01-01 00:00:00' as timestamp)),
    ('2026-01-01T00:00:00.123Z', cast('2026-01-01 00:00:00.123' as timestamp)),
    ('next week', null),
    ('2026-02-30T00:00:00Z', null),
    ('', null),
    (null, null)

),

results as (

    select
        *,
        {{ utc_timestamp('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
