{# A word nobody listed is not false: nothing is known. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

boolean_words as (

    select * from {{ ref('boolean_words') }}

),

cases (given, expected) as (

    values
    ('true', true),
    ('FALSE', false),
    ('Yes', true),
    (' no ', false),
    ('Y', true),
    ('n', false),
    ('t', true),
    ('F', false),
    ('1', true),
    ('0', false),
    ('on', true),
    ('Off', false),
    ('x', true),
    ('✓', true),
    ('Sí', true),
    ('não', false),
    ('WAHR', true),
    ('FAUX', false),
    ('да', true),
    ('いいえ', false),
    ('maybe', null),
    ('2', null),
    ('1.0', null),
    ('N/A', null),
    ('', null),
    (null, null)

),

results as (

    select
        *,
        {{ parse_boolean('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
