{# Dates of birth come in every order; a wrong one is worse than none. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, is_month_first, expected) as (

    values
    ('1980-03-04', true, cast('1980-03-04' as date)),
    ('19800304', true, cast('1980-03-04' as date)),
    ('1980/03/04', false, cast('1980-03-04' as date)),
    ('04.03.1980', true, cast('1980-03-04' as date)),
    ('03/04/1980', true, cast('1980-03-04' as date)),
    ('03/04/1980', false, cast('1980-04-03' as date)),
    ('25/12/1980', true, cast('1980-12-25' as date)),
    ('12/25/1980', false, cast('1980-12-25' as date)),
    ('4 Mar 1980', true, cast('1980-03-04' as date)),
    ('Mar 4, 1980', true, cast('1980-03-04' as date)),
    ('1980-02-30', true, null),
    ('1980', true, null),
    ('soon', true, null),
    ('', true, null),
    (null, true, null)

),

results as (

    select
        *,
        {{ parse_date('given', 'is_month_first') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
