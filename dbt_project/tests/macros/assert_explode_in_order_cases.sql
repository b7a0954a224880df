{# Places grow from the first item to the last. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

given (list_id, words) as (

    values
    (1, 'b a'),
    (2, null)

),

expected (list_id, word, is_last) as (

    values
    (1, 'b', false),
    (1, 'a', true)

),

actual as (

    select
        list_id,
        word,
        place = max(place) over (partition by list_id) as is_last
    from (
        select
            list_id,
            {{ explode_in_order("split(words, ' ')", 'word', 'place') }}
        from given
    )

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
