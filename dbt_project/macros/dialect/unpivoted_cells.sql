{% macro unpivoted_cells(relation, columns) -%}
    {{ return(adapter.dispatch('unpivoted_cells')(relation, columns)) }}
{%- endmacro %}

{% macro default__unpivoted_cells(relation, columns) -%}
    (
        select
            unnest([
    {%- for column in columns %}
                '{{ column | replace("'", "''") }}'{{ ',' if not loop.last }}
    {%- endfor %}
            ]) as column_name,
            unnest([
    {%- for column in columns %}
                cast("{{ column | replace('"', '""') }}" as string){{ ',' if not loop.last }}
    {%- endfor %}
            ]) as value
        from {{ relation }}
    )
{%- endmacro %}

{% macro spark__unpivoted_cells(relation, columns) -%}
    (
        select
            inline(array(
    {%- for column in columns %}
                struct(
                    '{{ column | replace("'", "''") }}' as column_name,
                    cast(`{{ column }}` as string) as value
                ){{ ',' if not loop.last }}
    {%- endfor %}
            ))
        from {{ relation }}
    )
{%- endmacro %}
