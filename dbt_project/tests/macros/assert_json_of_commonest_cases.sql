{# The commonest come first and ties are settled, so that a second run gives the same text. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

given (kind, name, amount) as (

    values
    (1, 'b', 3),
    (1, 'c', 3),
    (1, 'a', 1),
    (1, 'd', 7),
    (2, 'say "hi"', 1)

),

cases (kind, expected) as (

    values
    (1, '{"d":7,"b":3,"c":3}'),
    (2, '{"say ' || chr(92) || '"hi' || chr(92) || '"":1}')

),

results as (

    select
        cases.kind,
        cases.expected,
        {{ json_of_commonest('given.name', 'given.amount', 3) }} as actual
    from cases
    inner join given on cases.kind = given.kind
    group by cases.kind, cases.expected

)

select * from results
where actual is distinct from expected
