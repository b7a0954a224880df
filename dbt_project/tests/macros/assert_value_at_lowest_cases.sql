{# Golden values rest on this: nulls are passed over, however low they rank. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (case_name, given, given_rank, expected) as (

    values
    ('first wins', 'new', 1, 'new'),
    ('first wins', 'old', 2, 'new'),
    ('null is passed over', null, 1, 'old'),
    ('null is passed over', 'old', 2, 'old'),
    ('nothing known', null, 1, null)

),

results as (

    select
        case_name,
        {{ value_at_lowest('given', 'given_rank') }} as actual,
        min(expected) as expected
    from cases
    group by case_name

)

select * from results
where actual is distinct from expected
