{% macro insert_measures(checks, run_id, checked_at) -%}
    insert into {{ checks }} (
        run_id, check_id, check_name, model, column_name, dimension, owner, status, failures,
        observed, threshold, detail, is_whole_build, checked_at
    )
    select
        '{{ run_id }}' as run_id,
        check_id,
        check_name,
        model,
        column_name,
        dimension,
        owner,
        status,
        failures,
        observed,
        threshold,
        detail,
        false as is_whole_build,
        {{ checked_at }} as checked_at
    from {{ checks.incorporate(path={'identifier': 'measures'}) }}
{%- endmacro %}
