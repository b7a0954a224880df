{# As dbt-spark's own, and a list of a unit test as one of Spark. #}

{% macro spark__safe_cast(field, type) -%}
    {%- if field is string or field is not sequence -%}
        cast({{ field }} as {{ type }})
    {%- else -%}
        {%- set items = [] -%}
        {%- for item in field -%}
            {%- do items.append(dbt.string_literal(dbt.escape_single_quotes(item | string))) -%}
        {%- endfor -%}
        cast(array({{ items | join(', ') }}) as {{ type }})
    {%- endif -%}
{%- endmacro %}
