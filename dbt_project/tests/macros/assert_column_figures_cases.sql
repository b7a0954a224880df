{# Counted is each column by its kind, whatever it is called, and a table without rows too. #}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'data'}) }}

{% set columns = [
    {'name': 'order', 'is_text': true, 'is_number': false},
    {'name': 'amount', 'is_text': false, 'is_number': true},
    {'name': 'is_paid', 'is_text': false, 'is_number': true},
    {'name': 'paid_on', 'is_text': false, 'is_number': false}
] %}

with

given ({{ adapter.quote('order') }}, amount, is_paid, paid_on) as (

    values
    ('a', 1.5, true, cast('2026-01-01' as date)),
    ('a', 2.5, false, null),
    ('b', null, true, null),
    (null, 0, true, null)

),

nothing as ( -- noqa: ST03

    select * from given
    where false

),

expected (row_count, column_name, filled_count, distinct_count, mean_value) as ( -- noqa: ST03

    values
    (4, 'order', 3, 2, null),
    (4, 'amount', 3, null, 1.333333),
    (4, 'is_paid', 4, null, 0.75),
    (4, 'paid_on', 1, null, null),
    (0, 'order', 0, 0, null),
    (0, 'amount', 0, null, null),
    (0, 'is_paid', 0, null, null),
    (0, 'paid_on', 0, null, null)

),

actual as ( -- noqa: ST03

    select * from {{ column_figures('given', columns) }}

    union all

    select * from {{ column_figures('nothing', columns) }}

),

differences as (

    select
        expected.*,
        actual.*
    from expected
    full outer join actual
        on
            expected.row_count = actual.row_count
            and expected.column_name = actual.column_name
    where
        expected.filled_count is distinct from actual.filled_count
        or expected.distinct_count is distinct from actual.distinct_count
        or expected.mean_value is distinct from actual.mean_value

)

select * from differences
