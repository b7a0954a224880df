{# Text that is not written in the format is no date, and no error. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('31/12/1980', cast('1980-12-31' as date)),
    ('12/31/1980', null),
    ('1980-12-31', null),
    ('', null),
    (null, null)

),

results as (

    select
        *,
        {{ date_written_as('given', "'%d/%m/%Y'") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
