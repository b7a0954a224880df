{# Of a dollar sign before an amount and a code behind it, the code says which dollar. #}

{% macro currency_beside(amount) -%}
    {{ clean_text(replace_pattern(
        replace_pattern(amount, "'[-−+()''’]|[0-9.,]*[0-9][0-9.,]*'", "''"),
        "'^\\s*\\$\\s*([A-Za-z]{3})\\s*$'",
        "'\\1'"
    )) }}
{%- endmacro %}
