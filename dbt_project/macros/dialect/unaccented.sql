{# What is left of letters without the marks on them. #}

{% macro unaccented(text) -%}
    {{ return(adapter.dispatch('unaccented')(text)) }}
{%- endmacro %}

{% macro default__unaccented(text) -%}
    strip_accents({{ text }})
{%- endmacro %}

{% macro spark__unaccented(text) -%}
    reflect(
        'com.ibm.icu.text.Normalizer',
        'compose',
        regexp_replace(
            reflect('com.ibm.icu.text.Normalizer', 'decompose', {{ text }}, false), '\\p{M}', ''
        ),
        false
    )
{%- endmacro %}
