{# A list with each item once, where it stands first. #}

{% macro without_repeats(list) -%}
    {{ return(adapter.dispatch('without_repeats')(list)) }}
{%- endmacro %}

{% macro default__without_repeats(list) -%}
    list_filter(
        {{ list }}, lambda item, place: list_position({{ list }}, item) = place
    )
{%- endmacro %}

{% macro spark__without_repeats(list) -%}
    array_distinct({{ list }})
{%- endmacro %}
