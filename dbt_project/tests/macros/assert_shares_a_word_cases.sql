{# Anna and Anna Maria may be one; Ann and Anna do not share a word. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, other, expected) as (

    values
    ('anna', 'anna maria', true),
    ('garcia lopez', 'lopez', true),
    ('ann', 'anna', false),
    ('', 'anna', false),
    (null, 'anna', null)

),

results as (

    select
        *,
        {{ shares_a_word('given', 'other', "' '") }} as actual
    from cases

)

select * from results
where actual is distinct from expected
