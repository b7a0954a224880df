{# The list has a row for the text `null`, which a reader of seeds may take for none. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('n/a', 'n/a'),
    ('null', 'null'),
    (null, 'null')

),

results as (

    select
        *,
        {{ junk_value('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
