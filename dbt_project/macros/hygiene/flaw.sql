{% macro flaw(name, condition) -%}
    case when {{ condition }} then '{{ name }}' end
{%- endmacro %}
