{% macro those_of(list, item, condition) -%}
    {{ return(adapter.dispatch('those_of')(list, item, condition)) }}
{%- endmacro %}

{% macro default__those_of(list, item, condition) -%}
    list_filter({{ list }}, lambda {{ item }}: {{ condition }})
{%- endmacro %}

{% macro spark__those_of(list, item, condition) -%}
    filter({{ list }}, {{ item }} -> {{ condition }})
{%- endmacro %}
