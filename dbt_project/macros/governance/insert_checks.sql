{% macro insert_checks(checks, rows, is_whole_build) -%}
    insert into {{ checks }} (
        run_id, check_id, check_name, model, column_name, dimension, owner, status, failures,
        observed, threshold, detail, is_whole_build, checked_at
    )
    values
    {%- for row in rows %}
    (
        '{{ invocation_id }}',
        {%- for column in ['check_id', 'check_name', 'model', 'column_name', 'dimension', 'owner',
            'status'] %}
        {{ text_literal(row.get(column)) }},
        {%- endfor %}
        {%- set failures = row.get('failures') if row.get('failures') is not none else 'null' %}
        {{ failures }},
        {{ failures }},
        {{ text_literal(row.get('threshold')) }},
        null,
        {{ 'true' if is_whole_build else 'false' }},
        {{ build_time() }}
    ){{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
