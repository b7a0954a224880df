{% macro replace_pattern(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_pattern')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }}, 'g')
{%- endmacro %}

{% macro spark__replace_pattern(text, pattern, replacement) -%}
    regexp_replace(
        {{ text }},
        {{ java_pattern(pattern) }},
        {{ modules.re.sub('\\\\([0-9])', '$\\1', replacement | replace('$', '\\\\$')) }}
    )
{%- endmacro %}
