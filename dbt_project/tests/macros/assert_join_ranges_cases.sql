{# A value is in the range that begins last at or below it, of those with its key. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (name, given, expected) as (

    values
    ('a', 10, 'a from 10'),
    ('a', 19, 'a from 10'),
    ('a', 20, 'a from 20'),
    ('b', 20, 'b from 15'),
    ('a', 9, null),
    ('c', 10, null),
    ('a', null, null)

),

ranges (name, first, label) as (

    values
    ('a', 10, 'a from 10'),
    ('a', 20, 'a from 20'),
    ('b', 15, 'b from 15')

),

results as (

    select
        cases.*,
        ranges.label as actual
    from cases
    {{ join_ranges('ranges', 'cases.given', 'ranges.first', on='cases.name = ranges.name') }}

)

select * from results
where actual is distinct from expected
