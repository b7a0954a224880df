{# One row per item, with a number that grows from the first to the last. #}

{% macro explode_in_order(list, item, place) -%}
    {{ return(adapter.dispatch('explode_in_order')(list, item, place)) }}
{%- endmacro %}

{% macro default__explode_in_order(list, item, place) -%}
    unnest({{ list }}) as {{ item }},
    generate_subscripts({{ list }}, 1) as {{ place }}
{%- endmacro %}

{% macro spark__explode_in_order(list, item, place) -%}
    posexplode({{ list }}) as ({{ place }}, {{ item }})
{%- endmacro %}
