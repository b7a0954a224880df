{# Two who are linked by a chain of others are not separate; nor are two decided on both ways. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

given ( -- noqa: ST03
    decision, record_number, other_record_number, record_key, other_record_key, is_contradicted
) as (

    values
    ('link', 1, 2, 'a:1', 'a:2', false),
    ('link', 2, 3, 'a:2', 'a:3', false),
    ('separate', 1, 3, 'a:1', 'a:3', false),
    ('separate', 1, 4, 'a:1', 'a:4', false),
    ('link', 4, 5, 'a:4', 'a:5', false),
    ('separate', 6, 7, 'a:6', 'a:7', true)

),

expected (record_key, other_record_key) as (

    values
    ('a:1', 'a:3'),
    ('a:6', 'a:7')

),

actual as (

    select * from {{ contradictions('given') }}

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
