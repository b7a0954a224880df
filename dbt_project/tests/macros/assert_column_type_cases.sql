{# Values of the types contracts and seeds have. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    (1, '1'),
    (20, '20'),
    (null, null)

),

results as (

    select
        *,
        cast(given as {{ column_type('varchar') }}) as actual
    from cases

)

select * from results
where actual is distinct from expected
