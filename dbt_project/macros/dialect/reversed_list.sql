{% macro reversed_list(list) -%}
    {{ return(adapter.dispatch('reversed_list')(list)) }}
{%- endmacro %}

{% macro default__reversed_list(list) -%}
    list_reverse({{ list }})
{%- endmacro %}

{% macro spark__reversed_list(list) -%}
    reverse({{ list }})
{%- endmacro %}
