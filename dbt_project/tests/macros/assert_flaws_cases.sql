{# A flaw that is not named is one nobody mends. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    (1, null),
    (2, 'even'),
    (3, null),
    (9, 'large'),
    (10, 'even, large'),
    (null, null)

),

results as (

    select
        *,
        {{ flaws([flaw('even', 'given % 2 = 0'), flaw('large', 'given > 5')]) }} as actual
    from cases

)

select * from results
where actual is distinct from expected
