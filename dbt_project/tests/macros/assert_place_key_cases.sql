{# A place is written with and without accents, points and articles, and is one place. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('United States', 'united states'),
    ('  the  UNITED STATES ', 'united states'),
    ('U.S.A.', 'usa'),
    ('Österreich', 'osterreich'),
    ('Côte d’Ivoire', 'cote divoire'),
    ('Cote d''Ivoire', 'cote divoire'),
    ('Antigua & Barbuda', 'antigua and barbuda'),
    ('Congo (Kinshasa)', 'congo kinshasa'),
    ('St. John''s', 'st johns'),
    ('Theben', 'theben'),
    ('日本', '日本'),
    ('Россия', 'россия'),
    ('840', '840'),
    ('-', null),
    ('', null),
    (null, null)

),

results as (

    select
        *,
        {{ place_key('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
