{# Most text is plain already, and seeing that takes a quarter of the time that mending takes. #}

{% macro clean_text(text) -%}
    case
        when {{ matches_pattern(text, "'^[!-~]+( [!-~]+)*$'") }} then {{ text }}
        else nullif(trim({{ replace_pattern(
            replace_pattern(
                composed(text), "'[\\x{00AD}\\x{200B}-\\x{200F}\\x{2060}\\x{FEFF}\\x{0000}]'", "''"
            ),
            "'[\\s\\p{Z}]+'",
            "' '"
        ) }}), '')
    end
{%- endmacro %}
