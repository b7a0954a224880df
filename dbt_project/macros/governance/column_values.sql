{#
    Grouped by the value's hash, so that a group costs the same whatever is in it, be it a JSON
    document. Only the start of a value is kept: enough to see what it is.
#}

{% macro column_values(relation, columns) -%}
    (
        select
            column_name,
            any_value(case when trim(value) <> '' then left(value, 256) end) as value,
            {{ row_hash(['value']) }} as digest,
            count(*) as cell_count
        from {{ unpivoted_cells(relation, columns) }}
        group by column_name, {{ row_hash(['value']) }}
    )
{%- endmacro %}
