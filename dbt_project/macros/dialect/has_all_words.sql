{# Whether one of two names has every word of the other. #}

{% macro has_all_words(one, other) -%}
    {{ return(adapter.dispatch('has_all_words')(one, other)) }}
{%- endmacro %}

{% macro default__has_all_words(one, other) -%}
    (
        list_has_all(string_split({{ one }}, ' '), string_split({{ other }}, ' '))
        or list_has_all(string_split({{ other }}, ' '), string_split({{ one }}, ' '))
    )
{%- endmacro %}

{% macro spark__has_all_words(one, other) -%}
    (
        array_size(array_except(split({{ other }}, ' '), split({{ one }}, ' '))) = 0
        or array_size(array_except(split({{ one }}, ' '), split({{ other }}, ' '))) = 0
    )
{%- endmacro %}
