{% macro hours_after(time, hours) -%}
    {{ return(adapter.dispatch('hours_after')(time, hours)) }}
{%- endmacro %}

{% macro default__hours_after(time, hours) -%}
    {{ time }} + to_hours(cast({{ hours }} as bigint))
{%- endmacro %}

{% macro spark__hours_after(time, hours) -%}
    cast({{ time }} as timestamp) + make_dt_interval(0, cast({{ hours }} as int))
{%- endmacro %}
