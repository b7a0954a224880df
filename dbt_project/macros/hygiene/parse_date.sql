{% macro parse_date(text, is_month_first) -%}
    coalesce(
        {{ date_written_as(text, "'%Y-%m-%d'") }},
        {{ date_written_as(text, "'%Y/%m/%d'") }},
        {{ date_written_as(text, "'%Y%m%d'") }},
        {{ date_written_as(text, "'%d.%m.%Y'") }},
        case when {{ is_month_first }} then {{ date_written_as(text, "'%m/%d/%Y'") }} end,
        {{ date_written_as(text, "'%d/%m/%Y'") }},
        {{ date_written_as(text, "'%m/%d/%Y'") }},
        {{ date_written_as(text, "'%d-%m-%Y'") }},
        {{ date_written_as(text, "'%d %b %Y'") }},
        {{ date_written_as(text, "'%b %d, %Y'") }}
    )
{%- endmacro %}
