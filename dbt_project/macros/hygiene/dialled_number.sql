{% macro dialled_number(phone) -%}
    {{ replace_pattern('lower(' ~ phone ~ ')', "'\\(0\\)|(ext|x|#|;).*$|[^0-9+]'", "''") }}
{%- endmacro %}
