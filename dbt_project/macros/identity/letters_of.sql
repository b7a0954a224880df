{% macro letters_of(text) -%}
    {{ replace_pattern(text, "'[^\\p{L}]'", "''") }}
{%- endmacro %}
