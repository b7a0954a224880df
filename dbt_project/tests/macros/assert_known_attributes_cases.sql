{# Every name is between commas, so that none is found within another. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (full_name, email, expected) as (

    values
    ('Ann', 'ann@example.net', ',full_name,email,'),
    ('Ann', null, ',full_name,'),
    (null, 'ann@example.net', ',email,'),
    (null, null, ',')

),

results as (

    select
        *,
        {{ known_attributes(['full_name', 'email']) }} as actual
    from cases

)

select * from results
where actual is distinct from expected
