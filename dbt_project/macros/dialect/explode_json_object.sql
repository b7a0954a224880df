{% macro explode_json_object(column) -%}
    {{ return(adapter.dispatch('explode_json_object')(column)) }}
{%- endmacro %}

{% macro default__explode_json_object(column) -%}
    unnest(map_entries(cast({{ column }} as map(varchar, varchar))))
{%- endmacro %}

{% macro spark__explode_json_object(column) -%}
    explode(map_entries(from_json({{ column }}, 'map<string, string>')))
{%- endmacro %}
