{# Members of every type, a missing one as null; a document is no text. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, amount, document, expected) as (

    values
    ('a', 1, '{"x":[1,2]}', '{"given":"a","amount":1,"document":{"x":[1,2]}}'),
    (
        'say "a"',
        null,
        '{}',
        '{"given":"say ' || chr(92) || '"a' || chr(92) || '"","amount":null,"document":{}}'
    ),
    (null, 2, null, '{"given":null,"amount":2,"document":null}')

),

results as (

    select
        *,
        cast({{ json_of(
            {'given': 'given', 'amount': 'amount', 'document': as_json('document')},
            documents=['document']
        ) }} as string) as actual
    from cases

)

select * from results
where actual is distinct from expected
