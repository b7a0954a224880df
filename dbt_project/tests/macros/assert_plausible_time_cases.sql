{# A time that cannot be would put a customer first or last in everything. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    (timestamp '2026-05-01 10:00:00', timestamp '2026-05-01 10:00:00'),
    (timestamp '2026-06-02 12:00:00', timestamp '2026-06-02 12:00:00'),
    (timestamp '2026-06-02 12:00:01', null),
    (timestamp '2099-01-01 00:00:00', null),
    (timestamp '1970-01-01 00:00:00', null),
    (timestamp '1989-12-31 23:59:59', null),
    (timestamp '1990-01-01 00:00:00', timestamp '1990-01-01 00:00:00'),
    (null, null)

),

seen as (

    select
        *,
        timestamp '2026-06-01 12:00:00' as seen_at
    from cases

),

results as (

    select
        *,
        {{ plausible_time('given', 'seen_at') }} as actual
    from seen

)

select * from results
where actual is distinct from expected
