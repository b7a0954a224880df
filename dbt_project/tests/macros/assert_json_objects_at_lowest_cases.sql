{# Best first, never more than asked for, and nothing at all rather than an empty list. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

given (list_id, place, word) as (

    values
    ('three', 3, 'c'),
    ('three', 1, 'a'),
    ('three', 2, null),
    ('unranked', null, 'd'),
    ('unranked', 2, 'b')

),

expected (list_id, words) as (

    values
    ('three', '[{"word":"a","place":1},{"word":null,"place":2}]'),
    ('unranked', '[{"word":"b","place":2}]'),
    ('none', null)

),

actual as (

    select
        list_id,
        cast({{ json_objects_at_lowest(['word', 'place'], 'place', 2) }} as string) as words
    from given
    group by list_id

    union all

    select
        'none' as list_id,
        cast({{ json_objects_at_lowest(['word', 'place'], 'nullif(place, place)', 2) }} as string)
            as words
    from given

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
