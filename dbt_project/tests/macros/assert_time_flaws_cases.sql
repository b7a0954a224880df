{# Every time `plausible_time` does not take has to say why, and no other. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    (timestamp '2026-05-01 10:00:00', null),
    (timestamp '2026-06-02 12:00:00', null),
    (timestamp '2026-06-02 12:00:01', 'time_in_future'),
    (timestamp '1989-12-31 23:59:59', 'time_implausible'),
    (timestamp '1990-01-01 00:00:00', null),
    (null, 'time_missing')

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
        {{ time_flaws('given', 'seen_at') }} as actual,
        {{ plausible_time('given', 'seen_at') }} as kept
    from seen

)

select * from results
where
    actual is distinct from expected
    or (actual is null) <> (kept is not null)
