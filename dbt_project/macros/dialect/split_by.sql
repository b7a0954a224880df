{# The parts of a text between what a pattern matches. #}

{% macro split_by(text, pattern) -%}
    {{ return(adapter.dispatch('split_by')(text, pattern)) }}
{%- endmacro %}

{% macro default__split_by(text, pattern) -%}
    string_split_regex({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro spark__split_by(text, pattern) -%}
    split({{ text }}, {{ java_pattern(pattern) }})
{%- endmacro %}
