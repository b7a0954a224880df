{# scripts/reference/keys.py writes the same, for the keys in seeds. #}

{% macro place_key(name) -%}
    nullif({{ replace_pattern(
        'trim(' ~ replace_pattern(
            replace_pattern(
                'lower(' ~ without_accents("replace(" ~ name ~ ", '&', ' and ')") ~ ')',
                "'[''’ʼ`.]'",
                "''"
            ),
            "'[^\\p{L}\\p{M}\\p{N}]+'",
            "' '"
        ) ~ ')',
        "'^the '",
        "''"
    ) }}, '')
{%- endmacro %}
