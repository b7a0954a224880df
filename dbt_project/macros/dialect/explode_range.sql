{% macro explode_range(first, last) -%}
    {{ return(adapter.dispatch('explode_range')(first, last)) }}
{%- endmacro %}

{% macro default__explode_range(first, last) -%}
    unnest(cast(range({{ first }}, {{ last }} + 1) as integer []))
{%- endmacro %}

{% macro spark__explode_range(first, last) -%}
    explode(sequence({{ first }}, {{ last }}))
{%- endmacro %}
