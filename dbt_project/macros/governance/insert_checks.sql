{% macro insert_checks(checks, rows, is_whole_build) -%}
    {%- set texts = [
        'check_id', 'check_name', 'model', 'column_name', 'dimension', 'owner', 'status'
    ] -%}
    insert into {{ checks }} (
        run_id, {{ texts | join(', ') }}, failures,
        observed, threshold, detail, is_whole_build, checked_at
    )
    values
    {% for row in rows -%}
        {%- set failures = row.failures if row.failures is number else 'null' -%}
        (
            '{{ invocation_id }}',
            {% for text in texts -%}
                {{ text_literal(row.get(text)) }},
            {% endfor -%}
            {{ failures }},
            {{ failures }},
            {{ text_literal(row.get('threshold')) }},
            null,
            {{ 'true' if is_whole_build else 'false' }},
            {{ build_time() }}
        ){{ ',' if not loop.last }}
    {% endfor %}
{%- endmacro %}
