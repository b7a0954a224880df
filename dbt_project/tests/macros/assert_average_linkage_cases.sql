{# Groups join while their records speak for each other on average; a missing pair is no matter. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

pairs (component, record_number, other_record_number, linkage_weight) as ( -- noqa: ST03

    values
    (1, 1, 2, 9000),
    (1, 2, 3, 1000),
    (1, 1, 3, -4000),
    (2, 10, 11, 5000),
    (2, 11, 12, 5000),
    (3, 20, 21, 8000),
    (3, 22, 23, 8000),
    (3, 21, 22, 3000),
    (3, 20, 23, -2000),
    (4, 30, 31, -1),
    (5, 40, 41, 0)

),

merged as ( -- noqa: ST03

    select * from {{ average_linkage('pairs') }}

),

expected (record_number, group_number) as (

    values
    (1, 1),
    (2, 1),
    (10, 10),
    (11, 10),
    (12, 10),
    (20, 20),
    (21, 20),
    (22, 20),
    (23, 20),
    (40, 40),
    (41, 40)

),

actual as (

    select * from {{ connected_components('merged') }}

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
