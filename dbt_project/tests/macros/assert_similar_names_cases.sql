{# Misspelt and misheard names may be one; other names are not. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, other, expected) as (

    values
    ('jonathan', 'jonathon', true),
    ('smith', 'smyth', true),
    ('sara', 'zara', true),
    ('mark', 'marsha', false),
    ('amber', 'amebr', true),
    ('bob', 'robert', false),
    (null, 'smith', null)

),

sounding as (

    select
        *,
        {{ sound_key('given') }} as given_sound,
        {{ sound_key('other') }} as other_sound
    from cases

),

results as (

    select
        *,
        {{ similar_names('given', 'other', 'given_sound', 'other_sound') }} as actual
    from sounding

)

select * from results
where actual is distinct from expected
