{% macro without_accents(text) -%}
    {{ return(adapter.dispatch('without_accents')(text)) }}
{%- endmacro %}

{# Strokes and ligatures are no accents to Unicode. scripts/reference/keys.py writes the same. #}

{% macro default__without_accents(text) -%}
    {%- set plain -%}
        translate({{ unaccented(text) }}, 'øØłŁđĐħĦı', 'oOlLdDhHi')
    {%- endset -%}
    {%- set ligatures = {'ß': 'ss', 'ẞ': 'SS', 'æ': 'ae', 'Æ': 'AE', 'œ': 'oe', 'Œ': 'OE'} -%}
    {%- set spelt = namespace(sql=plain) -%}
    {%- for ligature, letters in ligatures.items() -%}
        {%- set spelt.sql = "replace(" ~ spelt.sql ~ ", '" ~ ligature ~ "', '" ~ letters ~ "')" -%}
    {%- endfor -%}
    case
        when {{ matches_pattern(text, "'[^\\x00-\\x7F]'") }} then {{ spelt.sql }}
        else {{ text }}
    end
{%- endmacro %}
