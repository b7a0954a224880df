{# Every key becomes a row of its own, its value as text; an empty object and a missing one none. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (case_number, given) as (

    values
    (1, {{ as_json("'{\"passport\": \"AB1\", \"loyalty\": 7}'") }}),
    (2, {{ as_json("'{}'") }}),
    (3, {{ as_json("null") }})

),

expected (case_number, entry_key, entry_value) as (

    values
    (1, 'passport', 'AB1'),
    (1, 'loyalty', '7')

),

exploded as (

    select
        case_number,
        {{ explode_json_object('given') }} as entry
    from cases

),

actual as (

    select
        case_number,
        entry['key'] as entry_key,
        entry['value'] as entry_value
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
