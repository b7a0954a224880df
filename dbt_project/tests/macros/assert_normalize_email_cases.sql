{# An address is written in many ways, and text that is no address must not link anybody. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('ann@example.com', 'ann@example.com'),
    (' Ann@Example.COM ', 'ann@example.com'),
    ('mailto:ann@example.com', 'ann@example.com'),
    ('MAILTO:ann@example.com?subject=Hello%20you', 'ann@example.com'),
    ('<ann@example.com>', 'ann@example.com'),
    ('<mailto:ann@example.com>', 'ann@example.com'),
    ('"Ann Lee" <Ann@Example.com>', 'ann@example.com'),
    ('Lee, Ann <ann@example.com>;', 'ann@example.com'),
    ('ann@example.com <ann@example.com>', 'ann@example.com'),
    ('''ann@example.com''', 'ann@example.com'),
    ('(ann@example.com)', 'ann@example.com'),
    ('ann @example.com', 'ann@example.com'),
    ('ann@ example.com', 'ann@example.com'),
    ({{ "'ann\u00a0@example.com'" }}, 'ann@example.com'),
    ({{ "'ann\u200b@example.com'" }}, 'ann@example.com'),
    ('ann@example.com,', 'ann@example.com'),
    ('ann@example.com.', 'ann@example.com'),
    ('ann@example.com' || chr(13) || chr(10), 'ann@example.com'),
    ('ann+news@example.com', 'ann+news@example.com'),
    ('o''brien@example.com', 'o''brien@example.com'),
    ('jürgen@münchen.example', 'jürgen@münchen.example'),
    ('Jürgen@MÜNCHEN.example', 'jürgen@münchen.example'),
    ({{ "'jose\u0301@example.com'" }}, 'josé@example.com'),
    ('ann@xn--mnchen-3ya.example', 'ann@xn--mnchen-3ya.example'),
    ('ann@mail.example.co.uk', 'ann@mail.example.co.uk'),
    ('"Ann Lee"@Example.com', '"Ann Lee"@example.com'),
    ('"ann@home"@example.com', '"ann@home"@example.com'),
    ('ann@example', null),
    ('ann.example.com', null),
    ('ann@@example.com', null),
    ('ann@example..com', null),
    ('ann@.com', null),
    ('ann@-example.com', null),
    ('ann@example.c', null),
    ('ann@127.0.0.1', null),
    ('ann..lee@example.com', null),
    ('.ann@example.com', null),
    ('ann lee@example.com', null),
    ('Ann Lee ann@example.com', null),
    ('ann@example.com. Thank you', null),
    ('@example.com', null),
    ('ann@example.com, bob@example.com', null),
    ('Ann <ann@example.com>, Bob <bob@example.com>', null),
    (repeat('a', 400) || '@example.com', null),
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
