{% macro composed(text) -%}
    {{ return(adapter.dispatch('composed')(text)) }}
{%- endmacro %}

{% macro default__composed(text) -%}
    nfc_normalize({{ text }})
{%- endmacro %}
