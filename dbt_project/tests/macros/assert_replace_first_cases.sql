{# What comes after the first match stays as it is. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('1st 2nd 3rd', '1- 2nd 3rd'),
    ('first', 'first'),
    ('', ''),
    (null, null)

),

results as (

    select
        *,
        {{ replace_first('given', "'([0-9])(st|nd|rd)'", "'\\1-'") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
