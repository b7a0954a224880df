{# The types of a contract, as Spark spells them. #}

{% macro spark__get_empty_schema_sql(columns) -%}
    {%- set typed = [] -%}
    {%- for column in columns.values() -%}
        {%- do typed.append(
            'cast(null as ' ~ column_type(column.data_type) ~ ') as `' ~ column.name ~ '`'
        ) -%}
    {%- endfor -%}
    select {{ typed | join(', ') }}
{%- endmacro %}
