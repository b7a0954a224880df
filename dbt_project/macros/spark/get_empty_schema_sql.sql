{# The types of a contract, as Spark spells them. #}

{% macro spark__get_empty_schema_sql(columns) -%}
    select
    {%- for column in columns.values() %}
        cast(null as {{ column_type(column.data_type) }}) as `{{ column.name }}`
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
