{% macro text_literal(text) -%}
    {%- if text is none -%}
        null
    {%- else -%}
        '{{ text | string | replace("'", "''") | replace("\n", " ") | trim }}'
    {%- endif -%}
{%- endmacro %}
