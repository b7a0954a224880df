{% macro shares_a_word(one, other, separator) -%}
    {{ return(adapter.dispatch('shares_a_word')(one, other, separator)) }}
{%- endmacro %}

{% macro default__shares_a_word(one, other, separator) -%}
    list_has_any(string_split({{ one }}, {{ separator }}), string_split({{ other }}, {{ separator }}))
{%- endmacro %}
