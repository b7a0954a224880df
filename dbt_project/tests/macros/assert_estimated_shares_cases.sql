{# Two kinds of pairs that differ clearly are told apart without knowing which is which. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

patterns ( -- noqa: ST03
    entity, pattern_number, pattern, in_common, is_supported, log_others, log_related, pair_count
) as (

    values
    ('person', 1, 'ee', null, true, -20.0, -20.0, 80000),
    ('person', 2, 'ed', null, true, -10.0, -20.0, 20000),
    ('person', 3, 'dd', 'names', true, 10.0, -20.0, 900000),
    -- Nothing is learnt of shares where nothing supports.
    ('person', 4, 'd-', null, false, -40.0, -20.0, 500000)

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
    is_support,
    is_fixed
) as (

    values
    ('person', 1, 'given_name', 'exact', 'e', 0.7, 0.01, 0.01, true, null, true, false),
    ('person', 1, 'given_name', 'different', 'd', 0.3, 0.99, 0.99, false, 0.3, true, false),
    ('person', 2, 'email', 'exact', 'e', 0.5, 0.01, 0.01, true, null, true, false),
    ('person', 2, 'email', 'different', 'd', 0.5, 0.99, 0.99, false, 0.1, false, false),
    ('person', 3, 'phone', 'exact', 'e', 0.4, 0.01, 0.01, true, null, true, true)

),

expected_counts (entity, record_count, related_count) as ( -- noqa: ST03

    values
    ('person', 200000, 100000)

),

strangers (entity, in_common, pairs) as ( -- noqa: ST03

    values
    ('person', 'names', 90000),
    ('person', 'names_and_area', 5)

),

expected (attribute, level, share) as (

    values
    ('*', 'same', 1.0),
    ('*', 'related', 0.0),
    -- Ten times as many strangers share their names as names drawn one by one would.
    ('*', 'names', 10.0),
    ('*', 'names_and_area', 1.0),
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
        case level when 'names' then round(share, 1) else round(share, 2) end as share
    from {{ estimated_shares('patterns', 'weights', 'expected_counts', 'strangers') }}

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
