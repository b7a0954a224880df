{# A slip of the finger is one edit, and two letters swapped are one slip. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, other, expected) as (

    values
    ('gmail.com', 'gmail.com', 0),
    ('gmal.com', 'gmail.com', 1),
    ('gmaiil.com', 'gmail.com', 1),
    ('gnail.com', 'gmail.com', 1),
    ('gmial.com', 'gmail.com', 1),
    ('gmil.cm', 'gmail.com', 2),
    (null, 'gmail.com', null)

),

results as (

    select
        *,
        {{ edit_distance('given', 'other') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
