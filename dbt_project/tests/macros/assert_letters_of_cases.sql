{# Names and mailboxes are held against each other letter by letter. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('ann.lee+7@x', 'annleex'),
    ('garcia lopez', 'garcialopez'),
    ('小川 2', '小川'),
    ('', ''),
    (null, null)

),

results as (

    select
        *,
        {{ letters_of('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
