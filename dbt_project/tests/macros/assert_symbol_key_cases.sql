{# Symbols are all that some fields hold, so the punctuation in them counts. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('EUR', 'eur'),
    (' US $ ', 'us$'),
    ('€', '€'),
    ('Kč', 'kc'),
    ('kr.', 'kr'),
    ('￥', '¥'),
    ('U.S. dollars', 'usdollars'),
    ('America/New_York', 'america/new_york'),
    ('UTC +01:00', 'utc+01:00'),
    ('.', null),
    ('', null),
    (null, null)

),

results as (

    select
        *,
        {{ symbol_key('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
