{# A placeholder is junk in its own attribute, or in all; and a missing value is not junk. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

junk_values (attribute, junk_value) as (

    values
    ('any', 'n/a'),
    ('name', 'test'),
    ('email', 'a@b.com')

),

cases (given, expected) as (

    values
    ('Ann', 'Ann'),
    ('N/A', null),
    ('Test', null),
    ('Testino', 'Testino'),
    ('a@b.com', 'a@b.com'),
    (null, null)

),

results as (

    select
        *,
        {{ unless_junk('given', 'name') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
