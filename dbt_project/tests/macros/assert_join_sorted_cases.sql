{# The same texts give the same text, in whatever order they come. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

given (list_id, word) as (

    values
    ('two', 'b'),
    ('two', 'a'),
    ('twice', 'a'),
    ('twice', 'a'),
    ('one', 'a'),
    ('missing', null),
    ('missing', 'a')

),

expected (list_id, words) as (

    values
    ('two', 'a|b'),
    ('twice', 'a|a'),
    ('one', 'a'),
    ('missing', 'a')

),

actual as (

    select
        list_id,
        {{ join_sorted('word', "'|'") }} as words
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
