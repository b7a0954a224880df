{#
    A row was last touched at the latest of its times that had come when it was seen: a due date
    says nothing of how old a record is. Ages are counted to the last row that was seen.
#}

{% macro row_profile(relation, columns, times, seen_at) -%}
    {%- set days = days_between('touched_at', 'as_of') -%}
    (
        with

        dated as (

            select
                {{ row_hash(columns) if columns else 'null' }} as content,
                {{ seen_at }} as seen_at,
                greatest(
                    cast(null as timestamp),
                    cast(null as timestamp)
    {%- for time in times %},
                    case when {{ time }} <= {{ seen_at }} then {{ time }} end
    {%- endfor %}
                ) as touched_at
            from {{ relation }}

        ),

        seen as (

            select max(seen_at) as as_of
            from dated

        ),

        aged as (

            select
                dated.content,
                dated.touched_at,
                seen.as_of
            from dated
            cross join seen

        )

        select
            count(*) as row_count,
            count(content) - count(distinct content) as duplicate_count,
            max(as_of) as as_of,
            max(touched_at) as last_touched_at,
            count(touched_at) as dated_count,
            count(*) filter (where {{ days }} <= 30) as touched_30_days_count,
            count(*) filter (where {{ days }} > 30 and {{ days }} <= 90) as touched_90_days_count,
            count(*) filter (where {{ days }} > 90 and {{ days }} <= 365) as touched_1_year_count,
            count(*) filter (where {{ days }} > 365 and {{ days }} <= 730) as touched_2_years_count,
            count(*) filter (where {{ days }} > 730 and {{ days }} <= 1825)
                as touched_5_years_count,
            count(*) filter (where {{ days }} > 1825) as touched_earlier_count
        from aged
    )
{%- endmacro %}
