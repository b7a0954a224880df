{#
    Scripts in whose digits customers write: full-width, Arabic-Indic, Persian, Devanagari, Bengali,
    Thai.
#}

{% macro with_plain_digits(text) -%}
    translate(
        {{ text }},
        '０１２３４５６７８９٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙',
        '012345678901234567890123456789012345678901234567890123456789'
    )
{%- endmacro %}
