{# Mail to every form of an address on the right reaches the mailbox on the left. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('ann@example.com', 'ann@example.com'),
    ('ann+news@example.com', 'ann@example.com'),
    ('ann.lee@example.com', 'ann.lee@example.com'),
    ('ann.lee@gmail.com', 'annlee@gmail.com'),
    ('ann.lee+news@gmail.com', 'annlee@gmail.com'),
    ('annlee@googlemail.com', 'annlee@gmail.com'),
    ('ann.lee@gmail.com.example', 'ann.lee@gmail.com.example'),
    (null, null)

),

results as (

    select
        *,
        {{ email_key('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
