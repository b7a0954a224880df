{# A format mix is read by people: the names must say what is there. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('{…', 'JSON'),
    ('aaa.aaa@aaa.aaa', 'e-mail'),
    ('aaa://aaa.aaa/aaa', 'link'),
    ('9999-99-99', 'date y-m-d'),
    ('9999-99-99 99:99:99', 'time y-m-d'),
    ('9999-99-99A99:99:99A', 'time y-m-d'),
    ('99/9/9999', 'date with /'),
    ('9/9/99', 'date with /'),
    ('99.99.9999', 'date with .'),
    ('99-Aaa-99', 'date with -'),
    ('99 Aaa 9999', 'date in words'),
    ('Aaaa 9, 9999', 'date in words'),
    ('-99', 'number'),
    ('99.99', 'decimal'),
    ('$9,999.99', 'amount'),
    ('99%', 'amount'),
    ('999.99.9.999', 'IP address'),
    ('999.999.9999', 'phone'),
    ('+9 (999) 999-9999', 'phone'),
    ('999-999-9999', 'phone'),
    ('aaa_#', 'code'),
    ('AA-99', 'code'),
    ('AAAA AA', 'UPPER CASE'),
    ('aaa aaa', 'lower case'),
    ('Aaaa Aaaa', 'Title Case'),
    ('A. Aaaa', 'Title Case'),
    ('Aaaa aa Aaaa', 'Mixed Case'),
    ('… aaa', 'lower case'),
    ('--', 'signs'),
    ('999 Aaaa Aa', 'text'),
    (null, 'text')

),

results as (

    select
        *,
        {{ value_format('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
