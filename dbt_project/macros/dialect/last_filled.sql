{# The last value of a window that is one. #}

{% macro last_filled(value) -%}
    {{ return(adapter.dispatch('last_filled')(value)) }}
{%- endmacro %}

{% macro default__last_filled(value) -%}
    last_value({{ value }} ignore nulls)
{%- endmacro %}

{% macro spark__last_filled(value) -%}
    last_value({{ value }}) ignore nulls
{%- endmacro %}
