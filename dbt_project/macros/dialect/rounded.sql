{# A double, rounded half away from zero. #}

{% macro rounded(number, digits) -%}
    {{ return(adapter.dispatch('rounded')(number, digits)) }}
{%- endmacro %}

{% macro default__rounded(number, digits) -%}
    round({{ number }}, {{ digits }})
{%- endmacro %}

{% macro spark__rounded(number, digits) -%}
    {#- Spark rounds a double by its decimal digits, and not by what it is times a power of ten. -#}
    signum({{ number }}) * floor(abs({{ number }}) * 1e{{ digits }} + 0.5e0) / 1e{{ digits }}
{%- endmacro %}
