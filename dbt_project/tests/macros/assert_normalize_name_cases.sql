{# Case, accents and punctuation tell no two people apart; letters of any script do. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('Ann', 'ann'),
    ('O''Brien', 'obrien'),
    ('O’Brien', 'obrien'),
    ('José-María', 'jose maria'),
    ('  Lee   Ann ', 'lee ann'),
    ('J.', 'j'),
    ('Ольга', 'ольга'),
    ('山田', '山田'),
    ('***', null),
    ('', null),
    (null, null)

),

results as (

    select
        *,
        {{ normalize_name('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
