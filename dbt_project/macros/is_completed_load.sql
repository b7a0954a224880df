{% macro is_completed_load(loads) -%}
    _dlt_load_id in (
        select loads.load_id
        from {{ loads }} as loads
        where loads.status = 0
    )
{%- endmacro %}
