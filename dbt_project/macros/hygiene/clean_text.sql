{% macro clean_text(text) -%}
    nullif(trim({{ replace_pattern(
        replace_pattern(text, "'[\\x{00AD}\\x{200B}-\\x{200F}\\x{2060}\\x{FEFF}\\x{0000}]'", "''"),
        "'[\\s\\p{Z}]+'",
        "' '"
    ) }}), '')
{%- endmacro %}
