{% macro value_at_lowest(value, rank) -%}
    {{ return(adapter.dispatch('value_at_lowest')(value, rank)) }}
{%- endmacro %}

{% macro default__value_at_lowest(value, rank) -%}
    arg_min({{ value }}, {{ rank }})
{%- endmacro %}

{% macro spark__value_at_lowest(value, rank) -%}
    min_by({{ value }}, {{ rank }}) filter (where {{ value }} is not null)
{%- endmacro %}
