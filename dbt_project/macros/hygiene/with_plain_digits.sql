{#
    Scripts in whose digits customers write: full-width, Arabic-Indic, Persian, Devanagari, Bengali,
    Thai. Texts that are all ASCII pass by, since `translate` takes long.
#}

{% macro with_plain_digits(text) -%}
    case
        when {{ matches_pattern(text, "'[^\\x00-\\x7F]'") }}
            then translate(
                {{ text }},
                '０１２３４５６７８９٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙',
                '012345678901234567890123456789012345678901234567890123456789'
            )
        else {{ text }}
    end
{%- endmacro %}
