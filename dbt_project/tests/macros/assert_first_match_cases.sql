{# No match gives an empty text, no text gives none. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('Main str', 'str'),
    ('Hauptstr', 'str'),
    ('Main', ''),
    (null, null)

),

results as (

    select
        *,
        {{ first_match('given', "'(str)$'", 1) }} as actual
    from cases

)

select * from results
where actual is distinct from expected
