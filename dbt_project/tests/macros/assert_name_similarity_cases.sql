{# A slip late in a name leaves it more alike than one at its start. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, other, expected) as (

    values
    ('martha', 'marhta', 0.961),
    ('smith', 'smith', 1.0),
    ('jonathan', 'jonathon', 0.95),
    ('abc', 'xyz', 0.0),
    (null, 'smith', null)

),

results as (

    select
        *,
        round({{ name_similarity('given', 'other') }}, 3) as actual
    from cases

)

select * from results
where actual is distinct from expected
