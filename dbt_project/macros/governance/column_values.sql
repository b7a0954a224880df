{#
    Each column is grouped by itself, all of them in one reading, which takes half the time of
    grouping cells that were turned into rows. Spark takes no more than 64 columns at once. SQLFluff
    does not know grouping sets as DuckDB's.
    Only the start of a value is kept: enough to see what it is, and whether it is blank.
#}

{% macro column_values(relation, columns) -%}
    {%- set countings = [] -%}
    {%- for some_columns in columns | batch(50) -%}
        {%- set names = [] -%}
        {%- set values = [] -%}
        {%- set groups = [] -%}
        {%- for column in some_columns -%}
            {%- set quoted = adapter.quote(column) -%}
            {%- do names.append("when grouping(" ~ quoted ~ ") = 0 then '" ~ column ~ "'") -%}
            {%- do values.append(
                "when grouping(" ~ quoted ~ ") = 0 then cast(" ~ quoted ~ " as string)"
            ) -%}
            {%- do groups.append("(" ~ quoted ~ ")") -%}
        {%- endfor -%}
        {%- do countings.append(
            "select case " ~ names | join(" ") ~ " end as column_name, "
            ~ "case " ~ values | join(" ") ~ " end as value, "
            ~ "count(*) as cell_count "
            ~ "from " ~ relation ~ " group by grouping sets (" ~ groups | join(", ") ~ ")"
        ) -%}
    {%- endfor -%}
    {%- if not countings -%}
        {%- do countings.append(
            "select cast(null as string) as column_name, cast(null as string) as value, "
            ~ "0 as cell_count limit 0"
        ) -%}
    {%- endif -%}
    (
        select
            column_name,
            case when trim(left(value, 256)) <> '' then left(value, 256) end as value,
            {{ row_hash(['value']) }} as digest,
            cell_count
        from (
            {{ countings | join('\nunion all\n') }} -- noqa: PRS
        ) as counted
    )
{%- endmacro %}
