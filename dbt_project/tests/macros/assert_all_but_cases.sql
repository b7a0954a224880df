{# What is named is left out, the rest keeps its order. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

given (one, two, three) as (

    values
    (1, 2, 3)

),

expected (one, three) as (

    values
    (1, 3)

),

actual as (

    select {{ all_but(['two']) }}
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
