{% macro value_kinds() -%}
    {{ return([
        'email', 'phone', 'date', 'number', 'boolean', 'country', 'currency', 'postcode', 'name',
        'code', 'text'
    ]) }}
{%- endmacro %}
