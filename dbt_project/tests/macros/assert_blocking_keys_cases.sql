{# Records that have the parts of a rule in common share a block; without a part there is none. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

people (
    entity, record_number, given_sound, family_sound, nickname_groups, birth_digits
) as (

    values
    ('person', 1, 'rbrt', 'smt', 'robert', '19781211'),
    ('person', 2, 'bb', 'smt', 'robert', '19781112'),
    ('person', 3, 'smt', 'rbrt', 'smith', null),
    ('organization', 4, null, 'smt', null, null)

),

records as ( -- noqa: ST03

    select
        *,
        given_sound as given_name,
        family_sound as family_name,
        cast(null as string) as area,
        cast(null as string) as house_number,
        cast(null as string) as street_name,
        cast(null as string) as address_key,
        cast(null as string) as email,
        cast(null as string) as phone,
        cast(null as string) as domain
    from people

),

rules (rule, entity, part_1, part_2) as ( -- noqa: ST03

    values
    ('nickname', 'person', 'nickname', 'family_sound'),
    ('either', 'person', 'name_pair', null),
    ('born', 'person', 'birth_date', null),
    ('name', null, 'family_sound', null)

),

expected (rule, record_numbers) as (

    values
    ('nickname', '1,2'),
    ('nickname', '3'),
    ('either', '1,3'),
    ('either', '2'),
    ('born', '1,2'),
    ('name', '1,2'),
    ('name', '3'),
    ('name', '4')

),

actual as (

    select
        rule,
        {{ join_sorted('cast(record_number as string)', "','") }} as record_numbers
    from {{ blocking_keys('records', 'rules') }}
    group by entity, rule, block_number

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
