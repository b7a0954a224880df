{# Counts start here: every cell belongs to one value, and blanks are no value. #}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'data'}) }}

with

given (name, rank) as ( -- noqa: ST03

    values
    ('Ana', 1),
    ('Ana', 2),
    ('ana', 2),
    ('  ', 2),
    (null, null)

),

expected (column_name, value, cell_count) as (

    values
    ('name', 'Ana', 2),
    ('name', 'ana', 1),
    ('name', null, 1),
    ('name', null, 1),
    ('rank', '1', 1),
    ('rank', '2', 3),
    ('rank', null, 1)

),

actual as (

    select
        column_name,
        value,
        cell_count
    from {{ column_values('given', ['name', 'rank']) }}

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
