{% macro count_of(list) -%}
    {{ return(adapter.dispatch('count_of')(list)) }}
{%- endmacro %}

{% macro default__count_of(list) -%}
    len({{ list }})
{%- endmacro %}

{% macro spark__count_of(list) -%}
    array_size({{ list }})
{%- endmacro %}
