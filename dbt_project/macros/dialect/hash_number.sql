{#
    A number made of a text, the same for the same text within one version of the engine: to join by,
    never to keep.
#}

{% macro hash_number(text) -%}
    {{ return(adapter.dispatch('hash_number')(text)) }}
{%- endmacro %}

{% macro default__hash_number(text) -%}
    hash({{ text }})
{%- endmacro %}
