{% macro extract_pattern(text, pattern, group=0) -%}
    {{ return(adapter.dispatch('extract_pattern')(text, pattern, group)) }}
{%- endmacro %}

{% macro default__extract_pattern(text, pattern, group) -%}
    nullif(regexp_extract({{ text }}, {{ pattern }}, {{ group }}), '')
{%- endmacro %}
