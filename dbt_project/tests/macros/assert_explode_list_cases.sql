{# A list of nothing, and none, make no row. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

given (list_id, words) as (

    values
    (1, 'a b'),
    (2, 'c'),
    (3, null)

),

expected (list_id, word) as (

    values
    (1, 'a'),
    (1, 'b'),
    (2, 'c')

),

actual as (

    select
        list_id,
        {{ explode_list("split(words, ' ')") }} as word
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
