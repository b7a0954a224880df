{% macro normalize_name(name) -%}
    nullif(trim({{ replace_pattern(
        replace_pattern('lower(' ~ without_accents(name) ~ ')', "'[''’`.]'", "''"),
        "'[^\\p{L}\\p{M}\\p{N}]+'",
        "' '"
    ) }}), '')
{%- endmacro %}
