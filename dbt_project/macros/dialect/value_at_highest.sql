{% macro value_at_highest(value, rank) -%}
    {{ return(adapter.dispatch('value_at_highest')(value, rank)) }}
{%- endmacro %}

{% macro default__value_at_highest(value, rank) -%}
    arg_max({{ value }}, {{ rank }})
{%- endmacro %}

{% macro spark__value_at_highest(value, rank) -%}
    max_by({{ value }}, {{ rank }}) filter (where {{ value }} is not null)
{%- endmacro %}
