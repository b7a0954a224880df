{#
    Most names are plain words, and seeing that takes less than taking out what else there is.
    scripts/reference/keys.py writes the same, for the keys in seeds.
#}

{% macro place_key(name) -%}
    case
        when {{ matches_pattern(name, "'^[A-Za-z0-9]+( [A-Za-z0-9]+)*$'") }}
            then {{ replace_pattern('lower(' ~ name ~ ')', "'^the '", "''") }}
        else nullif({{ replace_pattern(
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
    end
{%- endmacro %}
