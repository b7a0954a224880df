{% macro json_of_row(relation) -%}
    {{ return(adapter.dispatch('json_of_row')(relation)) }}
{%- endmacro %}

{% macro default__json_of_row(relation) -%}
    to_json({{ relation }})
{%- endmacro %}
