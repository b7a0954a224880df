{# Nulls are passed over, however high they rank. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

given (list_id, word, place) as (

    values
    (1, 'a', 1),
    (1, 'b', 2),
    (1, null, 3),
    (2, null, 1)

),

expected (list_id, word) as (

    values
    (1, 'b'),
    (2, null)

),

actual as (

    select
        list_id,
        {{ value_at_highest('word', 'place') }} as word
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
