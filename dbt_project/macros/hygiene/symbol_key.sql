{# scripts/reference/keys.py writes the same, for the keys in seeds. #}

{% macro symbol_key(text) -%}
    nullif({{ replace_pattern(
        'lower(' ~ without_accents("translate(" ~ text ~ ", '￥＄', '¥$')") ~ ')',
        "'[\\s\\p{Z}.]+'",
        "''"
    ) }}, '')
{%- endmacro %}
