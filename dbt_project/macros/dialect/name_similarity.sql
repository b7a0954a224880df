{# From 0 to 1; a shared beginning counts for more (Jaro-Winkler). #}

{% macro name_similarity(one, other) -%}
    {{ return(adapter.dispatch('name_similarity')(one, other)) }}
{%- endmacro %}

{% macro default__name_similarity(one, other) -%}
    jaro_winkler_similarity({{ one }}, {{ other }})
{%- endmacro %}

{% macro spark__name_similarity(one, other) -%}
    {#- By bytes, as elsewhere. -#}
    jaro_winkler_similarity(
        decode(encode({{ one }}, 'utf-8'), 'iso-8859-1'),
        decode(encode({{ other }}, 'utf-8'), 'iso-8859-1')
    )
{%- endmacro %}
