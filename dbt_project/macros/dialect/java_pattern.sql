{#
    Patterns are written as RE2 reads them, and mean the same to Java: what is a letter to `\b` is ASCII,
    `$` is the very end, a bracket within brackets is a bracket, and scripts are called otherwise.
#}

{% macro java_pattern(pattern) -%}
    {{ return(adapter.dispatch('java_pattern')(pattern)) }}
{%- endmacro %}

{% macro default__java_pattern(pattern) -%}
    {{ return(pattern) }}
{%- endmacro %}

{% macro spark__java_pattern(pattern) -%}
    {%- set written = namespace(pattern='', is_in_class=false) -%}
    {%- set tokens = modules.re.findall(
        '(?s)\\\\[pP]\\{\\^?\\w+\\}|\\\\x\\{\\w+\\}|\\(\\?i[:)]|\\\\.|&&|.', pattern
    ) -%}
    {%- for token in tokens -%}
        {%- set java = token -%}
        {%- if token == '[' and written.is_in_class -%}
            {%- set java = '\\[' -%}
        {%- elif token == '[' -%}
            {%- set written.is_in_class = true -%}
        {%- elif token == ']' -%}
            {%- set written.is_in_class = false -%}
        {%- elif token == '&&' and written.is_in_class -%}
            {%- set java = '&\\&' -%}
        {%- elif token == '$' and not written.is_in_class -%}
            {%- set java = '\\z' -%}
        {%- elif token == '\\b' -%}
            {%- set java = '(?:(?<![0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<=[0-9A-Za-z_])(?![0-9A-Za-z_]))' -%}
        {%- elif token[:3] == '(?i' -%}
            {%- set java = '(?iu' ~ token[3:] -%}
        {%- elif token[:3] in ('\\p{', '\\P{') and token | length > 6 -%}
            {%- set java = token[:3] ~ 'Is' ~ token[3:] -%}
        {%- endif -%}
        {%- set written.pattern = written.pattern ~ java -%}
    {%- endfor -%}
    {{ return(
        "'(?d)" ~ (written.pattern | replace('\\', '\\\\'))[1:] if pattern[0] == "'" else pattern
    ) }}
{%- endmacro %}
