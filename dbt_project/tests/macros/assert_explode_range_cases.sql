{# Both ends belong to it. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

given (range_id, first_number, last_number) as (

    values
    (1, 2, 4),
    (2, 5, 5)

),

expected (range_id, number) as (

    values
    (1, 2),
    (1, 3),
    (1, 4),
    (2, 5)

),

actual as (

    select
        range_id,
        {{ explode_range('first_number', 'last_number') }} as number
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
