{# A bracket within brackets, a border of ASCII and the very end mean one thing on every engine. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('a[', 'a'),
    ('a]', 'a]'),
    ('[a', '[a'),
    (null, null)

),

results as (

    select
        *,
        regexp_replace(given, {{ java_pattern("'[[:]$'") }}, '') as actual
    from cases

)

select * from results
where actual is distinct from expected
