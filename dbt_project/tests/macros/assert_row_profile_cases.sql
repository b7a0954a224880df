{# Age and repetition are told of whole tables: future dates and blanks must not distort them. #}

{{ config(severity='error', meta={'dimension': 'availability', 'owner': 'data'}) }}

with

given (id, name, created_at, due_at) as ( -- noqa: ST03

    values
    (1, 'Ana', timestamp '2026-05-31 00:00:00', null),
    (2, 'Ana', timestamp '2026-04-01 00:00:00', timestamp '2027-01-01 00:00:00'),
    (3, 'Bob', timestamp '2025-07-01 00:00:00', timestamp '2026-03-10 00:00:00'),
    (4, 'Bob', timestamp '2025-05-31 00:00:00', null),
    (5, 'Cem', timestamp '2023-01-01 00:00:00', null),
    (6, 'Dee', timestamp '2010-01-01 00:00:00', null),
    (7, null, null, null)

),

expected (
    row_count, duplicate_count, as_of, last_touched_at, dated_count, touched_30_days_count,
    touched_90_days_count, touched_1_year_count, touched_2_years_count, touched_5_years_count,
    touched_earlier_count
) as (

    values
    (
        7, 2, timestamp '2026-06-01 00:00:00', timestamp '2026-05-31 00:00:00', 6, 1, 2, 0, 1, 1, 1
    )

),

actual as (

    select * from {{ row_profile(
        'given',
        ['name'],
        ['created_at', 'due_at'],
        "cast('2026-06-01' as timestamp)"
    ) }}

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
