{# An accent may be a character of its own; the same name in both spellings must be equal. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ({{ "'Jose\u0301'" }}, 'José'),
    ({{ "'e\u0302\u0301'" }}, 'ế'),
    ({{ "'x\u0301'" }}, {{ "'x\u0301'" }}),
    ('José', 'José'),
    ('Ann', 'Ann'),
    (null, null)

),

results as (

    select
        *,
        {{ composed('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
