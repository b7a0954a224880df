{# What numbers rows where any will do: Spark wants an order said. #}

{% macro in_any_order() -%}
    {{ return(adapter.dispatch('in_any_order')()) }}
{%- endmacro %}

{% macro default__in_any_order() -%}

{%- endmacro %}

{% macro spark__in_any_order() -%}
    order by null
{%- endmacro %}
