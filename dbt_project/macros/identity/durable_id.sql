{% macro durable_id(prefix, key) -%}
    '{{ prefix }}_' || left(md5({{ key }}), 20)
{%- endmacro %}
