{% macro hours_after(time, hours) -%}
    {{ return(adapter.dispatch('hours_after')(time, hours)) }}
{%- endmacro %}

{% macro default__hours_after(time, hours) -%}
    {{ time }} + to_hours(cast({{ hours }} as bigint))
{%- endmacro %}
