{% macro months_after(time, months) -%}
    {{ return(adapter.dispatch('months_after')(time, months)) }}
{%- endmacro %}

{% macro default__months_after(time, months) -%}
    {{ time }} + to_months(cast({{ months }} as integer))
{%- endmacro %}

{% macro spark__months_after(time, months) -%}
    cast({{ time }} as timestamp) + make_ym_interval(0, cast({{ months }} as int))
{%- endmacro %}
