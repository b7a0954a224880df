{% macro first_match(text, pattern, group=0) -%}
    {{ return(adapter.dispatch('first_match')(text, pattern, group)) }}
{%- endmacro %}

{% macro default__first_match(text, pattern, group=0) -%}
    regexp_extract({{ text }}, {{ pattern }}, {{ group }})
{%- endmacro %}

{% macro spark__first_match(text, pattern, group=0) -%}
    regexp_extract({{ text }}, {{ java_pattern(pattern) }}, {{ group }})
{%- endmacro %}
