{% macro explode_whole_numbers(first, last) -%}
    {{ return(adapter.dispatch('explode_whole_numbers')(first, last)) }}
{%- endmacro %}

{% macro default__explode_whole_numbers(first, last) -%}
    unnest(range({{ first }}, {{ last }} + 1))
{%- endmacro %}
