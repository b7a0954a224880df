{#
    All columns in one look at the relation. How many different values there are is about right: it
    is compared with what it was. A mean is of a sum that is exact for whole numbers and decimals; of
    doubles it is rounded, since the last digits depend on the order in which threads add.
#}

{% macro column_figures(relation, columns) -%}
    {{ return(adapter.dispatch('column_figures')(relation, columns)) }}
{%- endmacro %}

{% macro default__column_figures(relation, columns) -%}
    (
        select
            row_count,
            unnest(figures, recursive := true)
        from (
            select
                count(*) as row_count,
                [
    {%- for column in columns %}
                    {
                        'column_name': '{{ column.name }}',
                        'filled_count': count("{{ column.name }}"),
                        'distinct_count': {{
                            'approx_count_distinct("' ~ column.name ~ '")'
                            if column.is_text else 'cast(null as bigint)'
                        }},
                        'mean_value': {{
                            'round(sum("' ~ column.name ~ '") / count("' ~ column.name ~ '"), 6)'
                            if column.is_number else 'cast(null as double)'
                        }}
                    }{{ ',' if not loop.last }}
    {%- endfor %}
                ] as figures
            from {{ relation }}
        )
    )
{%- endmacro %}

{% macro spark__column_figures(relation, columns) -%}
    (
        select
            row_count,
            inline(figures)
        from (
            select
                count(*) as row_count,
                array(
    {%- for column in columns %}
                    named_struct(
                        'column_name', '{{ column.name }}',
                        'filled_count', count(`{{ column.name }}`),
                        'distinct_count', {{
                            'approx_count_distinct(`' ~ column.name ~ '`)'
                            if column.is_text else 'cast(null as bigint)'
                        }},
                        'mean_value', {{
                            'round(sum(cast(`' ~ column.name ~ '` as double)) / count(`'
                            ~ column.name ~ '`), 6)'
                            if column.is_number else 'cast(null as double)'
                        }}
                    ){{ ',' if not loop.last }}
    {%- endfor %}
                ) as figures
            from {{ relation }}
        )
    )
{%- endmacro %}
