{# A mailbox made of a name is no evidence beyond the name; one of the family's is. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (mailbox, given_name, family_name, expected) as (

    values
    ('ronald.blackwell', 'ronald', 'blackwell', true),
    ('blackwell_r99', 'ronald', 'blackwell', true),
    ('rblackwell', 'r', 'blackwell', true),
    ('blackwell', 'ronald', 'blackwell', true),
    ('garcialopez.ana', 'ana', 'garcia lopez', true),
    ('the.blackwells', 'ronald', 'blackwell', false),
    ('ronald1979', 'ronald', 'blackwell', true),
    ('r1979', 'r', 'blackwell', false),
    ('ronny1979', 'ronald', 'blackwell', false),
    ('ronald.blackwell', '', 'blackwell', false),
    (null, 'ronald', 'blackwell', null)

),

results as (

    select
        *,
        {{ made_of('mailbox', 'given_name', 'family_name') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
