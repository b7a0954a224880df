{#
    Each column is grouped by itself, all of them in one reading, which takes half the time of
    grouping cells that were turned into rows. Spark takes no more than 64 columns at once. SQLFluff
    does not know grouping sets as DuckDB's.
    Only the start of a value is kept: enough to see what it is, and whether it is blank.
#}

{% macro column_values(relation, columns) -%}
    (
        select
            column_name,
            case when trim(left(value, 256)) <> '' then left(value, 256) end as value,
            {{ row_hash(['value']) }} as digest,
            cell_count
        from (
    {%- for some_columns in columns | batch(50) %}
            select
                case
        {%- for column in some_columns %}
                    when grouping({{ adapter.quote(column) }}) = 0 then '{{ column }}'
        {%- endfor %}
                end as column_name,
                case
        {%- for column in some_columns %}
                    when grouping({{ adapter.quote(column) }}) = 0
                        then cast({{ adapter.quote(column) }} as string)
        {%- endfor %}
                end as value,
                count(*) as cell_count
            from {{ relation }}
            group by grouping sets ( -- noqa: PRS
        {%- for column in some_columns %}
                ({{ adapter.quote(column) }}){{ ',' if not loop.last }}
        {%- endfor %}
            )
            {{ 'union all' if not loop.last }}
    {%- else %}
            select
                cast(null as string) as column_name,
                cast(null as string) as value,
                0 as cell_count
            limit 0
    {%- endfor %}
        ) as counted
    )
{%- endmacro %}
