{# Two kinds of pairs that differ clearly are told apart without knowing which is which. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

patterns (entity, pattern_number, pattern, log_others, log_related, pair_count) as ( -- noqa: ST03

    values
    ('person', 1, 'ee', -20.0, -20.0, 80000),
    ('person', 2, 'ed', -10.0, -20.0, 20000),
    ('person', 3, 'dd', 10.0, -20.0, 900000)

),

weights ( -- noqa: ST03
    entity,
    position,
    attribute,
    level,
    code,
    among_same,
    among_others,
    among_related,
    by_frequency,
    highest,
    is_fixed
) as (

    values
    ('person', 1, 'given_name', 'exact', 'e', 0.7, 0.01, 0.01, true, cast(null as double), false),
    ('person', 1, 'given_name', 'different', 'd', 0.3, 0.99, 0.99, false, 0.3, false),
    ('person', 2, 'email', 'exact', 'e', 0.5, 0.01, 0.01, true, null, false),
    ('person', 2, 'email', 'different', 'd', 0.5, 0.99, 0.99, false, 0.1, false),
    ('person', 3, 'phone', 'exact', 'e', 0.4, 0.01, 0.01, true, null, true)

),

expected_counts (entity, record_count, related_count) as ( -- noqa: ST03

    values
    ('person', 200000, 100000)

),

expected (attribute, level, share) as (

    values
    ('*', 'same', 1.0),
    ('*', 'related', 0.0),
    ('given_name', 'exact', 1.0),
    ('given_name', 'different', 0.0),
    ('email', 'exact', 0.9),
    ('email', 'different', 0.1),
    ('phone', 'exact', 0.4)

),

actual as (

    select
        attribute,
        level,
        round(share, 2) as share
    from {{ estimated_shares('patterns', 'weights', 'expected_counts') }}

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
