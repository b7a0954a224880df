{# A value is as likely as the people who have it are many, not as it is often written down. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

profiles (entity, given_name, email, latin_name, other_name) as ( -- noqa: ST03

    values
    ('person', 'ann', 'ann@a.example', 'l:a', null),
    ('person', 'ann', 'ann@a.example', null, '李:a'),
    ('person', 'bob', 'home@a.example', 'l:b', null),
    ('person', 'eve', 'home@a.example', 'l:e', null),
    ('person', null, null, null, null)

),

populations (entity, population) as ( -- noqa: ST03

    values
    ('person', 1000)

),

bases (entity, attribute, among_others) as ( -- noqa: ST03

    values
    ('person', 'email', 0),
    ('person', 'given_name', 0),
    ('organization', 'email', 0.5)

),

expected (entity, value, people, chance) as (

    values
    ('person', 'ann@a.example', 1, 0.0),
    ('person', 'home@a.example', 2, 0.0005),
    -- Of a name itself names do not tell: every profile counts.
    ('person', 'ann', 2, 0.0005),
    ('person', 'bob', 1, 0.0),
    ('person', 'eve', 1, 0.0)

),

actual as (

    select
        entity,
        email as value,
        people,
        chance
    from {{ value_chances('profiles', 'populations', 'bases', 'email', 'email') }}

    union all

    select
        entity,
        given_name as value,
        people,
        chance
    from {{ value_chances('profiles', 'populations', 'bases', 'given_name', 'given_name') }}

),

differences as (

    (
        select * from expected
        except all
        select * from actual
    )

    union all

    (
        select * from actual
        except all
        select * from expected
    )

)

select * from differences
