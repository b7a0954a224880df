{# Every element becomes a row of its own; an empty list and a missing one become none. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (case_number, given) as (

    values
    (1, {{ as_json("'[1, \"two\", {\"three\": 3}]'") }}),
    (2, {{ as_json("'[]'") }}),
    (3, {{ as_json("null") }})

),

expected (case_number, element) as (

    values
    (1, '1'),
    (1, '"two"'),
    (1, '{"three":3}')

),

exploded as (

    select
        case_number,
        {{ explode_json_array('given') }} as element
    from cases

),

actual as (

    select
        case_number,
        cast(element as string) as element
    from exploded

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
