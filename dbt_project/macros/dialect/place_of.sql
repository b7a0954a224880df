{# The first place at which a list has a value; null where it has none. #}

{% macro place_of(list, value) -%}
    {{ return(adapter.dispatch('place_of')(list, value)) }}
{%- endmacro %}

{% macro default__place_of(list, value) -%}
    list_position({{ list }}, {{ value }})
{%- endmacro %}

{% macro spark__place_of(list, value) -%}
    nullif(array_position({{ list }}, {{ value }}), 0)
{%- endmacro %}
