{% macro explode_json_object(column) -%}
    {{ return(adapter.dispatch('explode_json_object')(column)) }}
{%- endmacro %}

{% macro default__explode_json_object(column) -%}
    unnest(map_entries(cast({{ column }} as map(varchar, varchar))))
{%- endmacro %}
