{# What is worked out once has the rows it would have. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases as {{ materialized() }} (

    select
        1 as given,
        1 as expected
    union all
    select
        null as given,
        null as expected

),

given (actual) as (

    values
    (1),
    (null)

),

differences as (

    (
        select expected from cases
        except all
        select actual from given
    )

    union all

    (
        select actual from given
        except all
        select expected from cases
    )

)

select * from differences
