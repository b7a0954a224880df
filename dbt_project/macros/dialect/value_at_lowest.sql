{% macro value_at_lowest(value, rank) -%}
    {{ return(adapter.dispatch('value_at_lowest')(value, rank)) }}
{%- endmacro %}

{% macro default__value_at_lowest(value, rank) -%}
    arg_min({{ value }}, {{ rank }})
{%- endmacro %}
