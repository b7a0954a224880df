{# Texts lose their quotes. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('["a", "b c"]', 'a|b c'),
    ('[]', ''),
    (null, null)

),

results as (

    select
        *,
        {{ join_list(json_texts(as_json('given')), "'|'") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
