{% macro column_words(name) -%}
    trim(both '_' from lower({{ replace_pattern(
        replace_pattern(name, "'([\\p{Ll}\\p{N}])(\\p{Lu})'", "'\\1_\\2'"),
        "'[^\\p{L}\\p{N}]+'",
        "'_'"
    ) }}))
{%- endmacro %}
