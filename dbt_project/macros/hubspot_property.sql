{% macro hubspot_property(name) -%}
    nullif({{ json_text('properties', name) }}, '')
{%- endmacro %}
