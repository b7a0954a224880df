{# From 0 to 1; a shared beginning counts for more (Jaro-Winkler). #}

{% macro name_similarity(one, other) -%}
    {{ return(adapter.dispatch('name_similarity')(one, other)) }}
{%- endmacro %}

{% macro default__name_similarity(one, other) -%}
    jaro_winkler_similarity({{ one }}, {{ other }})
{%- endmacro %}
