{#
    Grouped by the value's hash, so that a group costs the same whatever is in it, be it a JSON
    document. Only the start of a value is kept: enough to see what it is, and whether it is blank.
#}

{% macro column_values(relation, columns) -%}
    (
        select
            column_name,
            case when trim(beginning) <> '' then beginning end as value,
            digest,
            cell_count
        from (
            select
                column_name,
                any_value(left(value, 256)) as beginning,
                {{ row_hash(['value']) }} as digest,
                count(*) as cell_count
            from {{ unpivoted_cells(relation, columns) }}
            group by column_name, {{ row_hash(['value']) }}
        ) as grouped
    )
{%- endmacro %}
