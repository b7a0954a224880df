{% macro explode_json_array(column) -%}
    {{ return(adapter.dispatch('explode_json_array')(column)) }}
{%- endmacro %}

{% macro default__explode_json_array(column) -%}
    unnest(cast({{ column }} as json []))
{%- endmacro %}
