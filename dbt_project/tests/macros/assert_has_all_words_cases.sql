{# Words, whatever their order; parts of words are none. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (one, other, expected) as (

    values
    ('garcia lopez', 'garcia', true),
    ('garcia', 'garcia lopez', true),
    ('plumbing miller', 'miller plumbing', true),
    ('miller plumbing', 'miller electric', false),
    ('mill', 'miller', false),
    ('miller', null, null)

),

results as (

    select
        *,
        {{ has_all_words('one', 'other') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
