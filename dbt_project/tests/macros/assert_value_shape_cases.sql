{# Shapes are shown to people who may not see the values: nothing of a value may come through. #}

{{ config(severity='error', meta={'dimension': 'compliance', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('Jean 42', 'Aaaa 99'),
    ('Jo', 'Aa'),
    ('JEAN-LUC', 'AAAA-AAA'),
    ('O''Brien', 'A''Aaaa'),
    ('Zoë Čapek', 'Aaa Aaaa'),
    ('王伟', 'aa'),
    ('٤٢', '99'),
    ('ana.silva+news@example.com', 'aaa.aaa+aaa@aaa.aaa'),
    ('+1 (415) 555-0132', '+9 (999) 999-9999'),
    ('1985-03-12', '9999-99-99'),
    ('SW1A 1AA', 'AA9A 9AA'),
    ('€ 1.234,50', '€ 9.999,99'),
    ('123456789012345678', '9999999999999'),
    ('cus_Nff4x82KkQ', 'aaa_#'),
    ('3f2b8c1e-0d4a-4b7e-9c55-1a2b3c4d5e6f', '#'),
    ('{"email": "ana@example.com"}', '{…'),
    ('["a"]', '[…'),
    ('please call back after five', '… aaa'),
    ('pass*word^🙂', 'aaa?aaa??'),
    ('a	b', 'a?a'),
    ('  Ana ', '  Aaa '),
    ('', ''),
    (null, null)

),

results as (

    select
        *,
        {{ value_shape('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
