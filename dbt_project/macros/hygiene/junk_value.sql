{# The one row of the list without a value is the text `null`, which a reader of seeds may take for none. #}

{% macro junk_value(column) -%}
    coalesce({{ column }}, 'null')
{%- endmacro %}
