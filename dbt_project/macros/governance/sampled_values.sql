{#
    Counts are exact. How values are written is seen on a column's different values, or on some of them
    where there are very many: the frequent ones, and of the rest those the hash picks, which stand for
    the others. They are the same ones each time.
#}

{% macro sampled_values(column_values, most_values=10000) -%}
    {%- set stride
        = 'cast(1 + floor(counted.distinct_count / ' ~ most_values ~ ') as bigint)' -%}
    {%- set of_column = 'source, table_name, column_name' -%}
    (
        with

        counted as (

            select
                {{ of_column }},
                cast(coalesce(sum(cell_count), 0) as bigint) as row_count,
                cast(coalesce(sum(cell_count) filter (where value is not null), 0) as bigint)
                    as filled_count,
                count(value) as distinct_count,
                cast(coalesce(
                    sum(cell_count) filter (where value is not null and cell_count > 1), 0
                ) as bigint) as repeated_count,
                count(value) >= {{ most_values }} as is_sampled
            from {{ column_values }}
            group by {{ of_column }}

        )

        select
            counted.*,
            given.digest,
            given.value,
            case
                when given.cell_count * 1000 > counted.filled_count then given.cell_count
                else given.cell_count * {{ stride }}
            end as cell_count
        from {{ column_values }} as given
        inner join counted
            on
                given.source = counted.source
                and given.table_name = counted.table_name
                and given.column_name = counted.column_name
        where
            given.value is not null
            and (
                given.cell_count * 1000 > counted.filled_count
                or {{ is_one_in('given.digest', stride) }}
            )

        union all

        select
            counted.*,
            null as digest,
            cast(null as string) as value,
            cast(null as bigint) as cell_count
        from counted
    )
{%- endmacro %}
