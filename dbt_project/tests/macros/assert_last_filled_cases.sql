{# What is missing leaves what was there before. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

given (place, word) as (

    values
    (1, null),
    (2, 'a'),
    (3, null),
    (4, 'b')

),

expected (place, word) as (

    values
    (1, null),
    (2, 'a'),
    (3, 'a'),
    (4, 'b')

),

actual as (

    select
        place,
        {{ last_filled('word') }} over (
            order by place
            rows between unbounded preceding and current row
        ) as word
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
