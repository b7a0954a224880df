{% macro column_types(schema) -%}
    {{ return(adapter.dispatch('column_types')(schema)) }}
{%- endmacro %}

{% macro default__column_types(schema) -%}
    (
        select
            table_name,
            column_name,
            ordinal_position as column_position,
            lower(data_type) as data_type
        from information_schema.columns
        where table_schema = '{{ schema }}'
    )
{%- endmacro %}
