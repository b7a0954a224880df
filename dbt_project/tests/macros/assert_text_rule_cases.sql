{# A text that is not as it came says why; one that never was there has nothing to say. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, trimmed, cleaned, expected) as (

    values
    ('Ann', 'Ann', 'Ann', null),
    (' Ann ', 'Ann', 'Ann', 'whitespace'),
    ('   ', null, null, 'blank'),
    ('', null, null, 'blank'),
    ('N/A', 'N/A', null, 'placeholder'),
    (null, null, null, null)

),

results as (

    select
        *,
        {{ text_rule('given', 'trimmed', 'cleaned') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
