{# Most names are letters alone, and seeing that takes less than taking out what else there is. #}

{% macro normalize_name(name) -%}
    case
        when {{ matches_pattern(name, "'^[A-Za-z]+$'") }} then lower({{ name }})
        else nullif(trim({{ replace_pattern(
            replace_pattern('lower(' ~ without_accents(name) ~ ')', "'[''’ʼ`.]'", "''"),
            "'[^\\p{L}\\p{M}\\p{N}]+'",
            "' '"
        ) }}), '')
    end
{%- endmacro %}
