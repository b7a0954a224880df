{% macro days_after(time, days) -%}
    {{ return(adapter.dispatch('days_after')(time, days)) }}
{%- endmacro %}

{% macro default__days_after(time, days) -%}
    {{ time }} + to_days(cast({{ days }} as integer))
{%- endmacro %}

{% macro spark__days_after(time, days) -%}
    cast({{ time }} as timestamp) + make_dt_interval(cast({{ days }} as int))
{%- endmacro %}
