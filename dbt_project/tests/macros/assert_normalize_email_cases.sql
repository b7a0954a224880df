{# An address is written in many ways, and text that is no address must not link anybody. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('ann@example.com', 'ann@example.com'),
    (' Ann@Example.COM ', 'ann@example.com'),
    ('mailto:ann@example.com', 'ann@example.com'),
    ('<ann@example.com>', 'ann@example.com'),
    ('ann @example.com', 'ann@example.com'),
    ('ann@example.com,', 'ann@example.com'),
    ('ann+news@example.com', 'ann+news@example.com'),
    ('jürgen@münchen.example', 'jürgen@münchen.example'),
    ('ann@mail.example.co.uk', 'ann@mail.example.co.uk'),
    ('ann@example', null),
    ('ann.example.com', null),
    ('ann@@example.com', null),
    ('ann@example..com', null),
    ('ann@.com', null),
    ('@example.com', null),
    ('ann@example.com, bob@example.com', null),
    ('n/a', null),
    ('', null),
    (null, null)

),

results as (

    select
        *,
        {{ normalize_email('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
