{# Of none there is no list. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

given (list_id, place, word) as (

    values
    (1, 2, 'b'),
    (1, 1, 'a'),
    (1, 3, 'no'),
    (2, 1, 'no')

),

expected (list_id, words) as (

    values
    (1, 'a b'),
    (2, null)

),

actual as (

    select
        list_id,
        {{ join_list(items_in_order('word', 'place', "word <> 'no'"), "' '") }} as words
    from given
    group by list_id

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
