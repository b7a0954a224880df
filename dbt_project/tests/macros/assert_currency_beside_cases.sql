{# An amount must not lose its currency where that stands nowhere else. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('12,50 €', '€'),
    ('$1,234.50', '$'),
    ('($12.50)', '$'),
    ('-€12', '€'),
    ('1 234,50 kr.', 'kr.'),
    ('Kč 12', 'Kč'),
    ('US$ 12', 'US$'),
    ('U.S. $ 12', 'U.S. $'),
    ('$12.50 CAD', 'CAD'),
    ('.50 USD', 'USD'),
    ('12.50', null),
    ('- 12', null),
    ('1''234', null),
    ('', null),
    (null, null)

),

results as (

    select
        *,
        {{ currency_beside('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
