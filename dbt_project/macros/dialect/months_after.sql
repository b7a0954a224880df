{% macro months_after(time, months) -%}
    {{ return(adapter.dispatch('months_after')(time, months)) }}
{%- endmacro %}

{% macro default__months_after(time, months) -%}
    {{ time }} + to_months(cast({{ months }} as integer))
{%- endmacro %}
