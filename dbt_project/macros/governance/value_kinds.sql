{% macro value_kinds() -%}
    {{ return([
        'email', 'phone', 'date', 'number', 'boolean', 'country', 'region', 'currency', 'postcode',
        'name', 'code', 'text'
    ]) }}
{%- endmacro %}
