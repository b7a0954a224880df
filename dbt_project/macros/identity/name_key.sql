{% macro name_key(given_name, family_name) -%}
    {{ normalize_name(family_name) }} || ':' || left({{ normalize_name(given_name) }}, 1)
{%- endmacro %}
