{# A wrong amount is worse than none. tests/ingestion/test_files.py loads the same from a file. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

currency_aliases as (

    select * from {{ ref('currency_aliases') }}

),

cases (given, expected) as (

    values
    ('1234.50', 1234.5),
    ('-3', -3),
    ('+12', 12),
    (' 12 ', 12),
    ('.5', 0.5),
    ('5.', 5),
    ('1.234', 1.234),
    ('$1,234.50', 1234.5),
    ('1,234,567', 1234567),
    ('12,34,567.89', 1234567.89),
    ('1.234,50', 1234.5),
    ('1.234.567', 1234567),
    ('12,5', 12.5),
    ('12345,678', 12345.678),
    ('0,500', 0.5),
    ('1 234', 1234),
    ('1 234 567,89', 1234567.89),
    ('1 234,50', 1234.5),
    ('1''234.50', 1234.5),
    ('1’234', 1234),
    ('12,50 €', 12.5),
    ('€ 1.234,5', 1234.5),
    ('US$ 12', 12),
    ('EUR 12', 12),
    ('12.50USD', 12.5),
    ('$12.50 CAD', 12.5),
    ('kr. 12', 12),
    ('12,50 zł', 12.5),
    ('12 euros', 12),
    ('$.50', 0.5),
    ('(12.50)', -12.5),
    ('($12.50)', -12.5),
    ('$(12.50)', -12.5),
    ('12.50-', -12.5),
    ('12,50- €', -12.5),
    ('-€12', -12),
    ('€-12', -12),
    ('- 12', -12),
    ('−12', -12),
    ('1,234', null),
    ('1.234 €', null),
    ('USD.50', null),
    ('1,23,4', null),
    ('1.2.3', null),
    ('12 k', null),
    ('5 MIO', null),
    ('12 kg', null),
    ('12 %', null),
    ('12 EUR 50', null),
    ('12 - 50', null),
    ('--12', null),
    ('(12', null),
    ('1e5', null),
    ('99999999999999999', null),
    ('EUR', null),
    ('N/A', null),
    ('', null),
    (null, null)

),

results as (

    select
        *,
        {{ parse_money('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
