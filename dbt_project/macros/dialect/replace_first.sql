{% macro replace_first(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_first')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replace_first(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }})
{%- endmacro %}

{% macro spark__replace_first(text, pattern, replacement) -%}
    {#- What comes after the first match is matched, too, and put back. -#}
    {%- set groups = modules.re.findall('(?<!\\\\)\\((?!\\?)', pattern) | length -%}
    {{ replace_pattern(
        text,
        pattern[:-1] ~ "(?s:(.*))'",
        replacement[:-1] ~ '\\' ~ (groups + 1) ~ "'"
    ) }}
{%- endmacro %}
