{% macro composed(text) -%}
    {{ return(adapter.dispatch('composed')(text)) }}
{%- endmacro %}

{% macro default__composed(text) -%}
    nfc_normalize({{ text }})
{%- endmacro %}

{% macro spark__composed(text) -%}
    reflect('com.ibm.icu.text.Normalizer', 'compose', {{ text }}, false)
{%- endmacro %}
