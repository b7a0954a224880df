{# Whether a number made by hashing is one of every so many. #}

{% macro is_one_in(number, step) -%}
    {{ return(adapter.dispatch('is_one_in')(number, step)) }}
{%- endmacro %}

{% macro default__is_one_in(number, step) -%}
    {{ number }} % cast({{ step }} as ubigint) = 0
{%- endmacro %}

{% macro spark__is_one_in(number, step) -%}
    {{ number }} % cast({{ step }} as bigint) = 0
{%- endmacro %}
