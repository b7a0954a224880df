{# A missing item is passed over. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, other, expected) as (

    values
    ('a', 'b', 'a|b'),
    ('a', null, 'a')

),

results as (

    select
        *,
        {{ join_list(list_of(['given', 'other']), "'|'") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
