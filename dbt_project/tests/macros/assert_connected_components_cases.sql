{# Two records are one customer when any chain of links leads from one to the other. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

edges (node, neighbour) as ( -- noqa: ST03

    values
    (1, 2),
    (3, 2),
    (4, 3),
    (10, 11),
    (11, 12),
    (12, 10),
    (20, 21),
    (20, 21),
    (30, 30)

),

expected (node, component) as (

    values
    (1, 1),
    (2, 1),
    (3, 1),
    (4, 1),
    (10, 10),
    (11, 10),
    (12, 10),
    (20, 20),
    (21, 20)

),

actual as (

    select * from {{ connected_components('edges') }}

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
