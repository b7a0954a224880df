{# A number made of a text, the same in every run. #}

{% macro hash_number(text) -%}
    {{ return(adapter.dispatch('hash_number')(text)) }}
{%- endmacro %}

{% macro default__hash_number(text) -%}
    md5_number_lower({{ text }})
{%- endmacro %}
