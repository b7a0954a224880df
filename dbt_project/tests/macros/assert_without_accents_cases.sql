{# Names are compared without accents, strokes and ligatures; other scripts stay. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('José', 'Jose'),
    ('Zoë', 'Zoe'),
    ('Łucja Ñandú', 'Lucja Nandu'),
    ('Grønn Straße', 'Gronn Strasse'),
    ('Æsop Bæk', 'AEsop Baek'),
    ('山田', '山田'),
    (null, null)

),

results as (

    select
        *,
        {{ without_accents('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
