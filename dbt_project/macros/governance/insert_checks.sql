{% macro insert_checks(checks, rows, is_whole_build) -%}
    {%- set texts = [
        'check_id', 'check_name', 'model', 'column_name', 'dimension', 'owner', 'status'
    ] -%}
    {%- set written = [] -%}
    {%- for row in rows -%}
        {%- set literals = [] -%}
        {%- for text in texts -%}
            {%- do literals.append(text_literal(row.get(text))) -%}
        {%- endfor -%}
        {%- set failures = row.failures | string if row.failures is number else 'null' -%}
        {%- do literals.extend([failures, failures, text_literal(row.get('threshold'))]) -%}
        {%- do written.append(literals | join(', ')) -%}
    {%- endfor -%}
    insert into {{ checks }} (
        {{ texts | join(', ') }}, failures, observed, threshold,
        run_id, is_whole_build, checked_at
    )
    values
    {% for row in written -%}
        ({{ row }}, '{{ invocation_id }}', {{ is_whole_build }}, {{ build_time() }}){{ ',' if not loop.last }}
    {% endfor %}
{%- endmacro %}
