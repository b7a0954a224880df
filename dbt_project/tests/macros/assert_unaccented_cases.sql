{# Letters of every script lose their marks; what has none stays. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('José Müller', 'Jose Muller'),
    ({{ "'Jose\u0301'" }}, 'Jose'),
    ('Nguyễn', 'Nguyen'),
    ('Ørsted', 'Ørsted'),
    ('йод', 'иод'),
    ('한국', '한국'),
    ('Ann', 'Ann'),
    (null, null)

),

results as (

    select
        *,
        {{ unaccented('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
