{# Nobody wants to be greeted as MCDONALD. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

name_words as (

    select * from {{ ref('name_words') }}

),

particles as (

    select map_from_entries(array_agg((word, written_as))) as particles
    from name_words
    where kind = 'particle'

),

cases (given, expected) as (

    values
    ('SMITH', 'Smith'),
    ('smith-jones', 'Smith-Jones'),
    ('O''BRIEN', 'O''Brien'),
    ('mcdonald', 'McDonald'),
    ('MACDONALD', 'Macdonald'),
    ('VAN DER BERG', 'van der Berg'),
    ('von', 'Von'),
    ('st. john', 'St. John'),
    ('j.r.r.', 'J.R.R.'),
    ('ÉLISE', 'Élise'),
    (null, null)

),

results as (

    select
        cases.*,
        {{ capitalized('cases.given', 'particles.particles') }} as actual
    from cases
    cross join particles

)

select * from results
where actual is distinct from expected
