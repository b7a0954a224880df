{# Counts start here: every cell belongs to one value, and blanks are no value. #}

{% set columns = [] %}
{% for number in range(1, 121) %}
    {% do columns.append('column_' ~ number) %}
{% endfor %}

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

-- More columns than one reading takes.
wide as ( -- noqa: ST03

    select
        {% for column in columns %}
            {{ loop.index }} as {{ column }},
        {% endfor %}
        0 as column_0

),

expected (column_name, value, cell_count) as (

    values
    {% for column in columns %}
        ('{{ column }}', '{{ loop.index }}', 1),
    {% endfor %}
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

    union all

    select
        column_name,
        value,
        cell_count
    from {{ column_values('wide', columns) }}

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
