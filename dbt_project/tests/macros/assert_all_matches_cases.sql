{# Whole matches, whatever groups there are. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('a1 b22', '1|22'),
    ('ab', ''),
    (null, null)

),

results as (

    select
        *,
        {{ join_list(all_matches('given', "'[0-9]+'"), "'|'") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
