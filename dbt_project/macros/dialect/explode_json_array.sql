{% macro explode_json_array(column) -%}
    {{ return(adapter.dispatch('explode_json_array')(column)) }}
{%- endmacro %}

{% macro default__explode_json_array(column) -%}
    unnest(cast({{ column }} as json []))
{%- endmacro %}

{% macro spark__explode_json_array(column) -%}
    explode(transform(from_json({{ column }}, 'array<variant>'), element -> to_json(element)))
{%- endmacro %}
