{# Parts of nothing stay, so that places do. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('a  b c', 'a|b|c'),
    ('a', 'a'),
    (' a', '|a'),
    (null, null)

),

results as (

    select
        *,
        {{ join_list(split_by('given', "' +'"), "'|'") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
