{# A text as a document: of a type of its own where there is one. #}

{% macro as_json(text) -%}
    {{ return(adapter.dispatch('as_json')(text)) }}
{%- endmacro %}

{% macro default__as_json(text) -%}
    cast({{ text }} as json)
{%- endmacro %}

{% macro spark__as_json(text) -%}
    cast({{ text }} as string)
{%- endmacro %}
