{% macro json_texts(column) -%}
    {{ return(adapter.dispatch('json_texts')(column)) }}
{%- endmacro %}

{% macro default__json_texts(column) -%}
    cast({{ column }} as varchar [])
{%- endmacro %}

{% macro spark__json_texts(column) -%}
    from_json({{ column }}, 'array<string>')
{%- endmacro %}
