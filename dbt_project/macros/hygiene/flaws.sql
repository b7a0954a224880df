{% macro flaws(parts) -%}
    nullif(concat_ws(', ', {{ parts | join(', ') }}), '')
{%- endmacro %}
