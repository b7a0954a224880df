{% test sums_match(model, compare_model, column_name, group_by) %}

with

sums as (

    select
        {{ group_by }} as grouping_value,
        sum({{ column_name }}) as total
    from {{ model }}
    group by {{ group_by }}

),

compare_sums as (

    select
        {{ group_by }} as grouping_value,
        sum({{ column_name }}) as total
    from {{ compare_model }}
    group by {{ group_by }}

),

compared as (

    select
        coalesce(sums.grouping_value, compare_sums.grouping_value) as grouping_value,
        sums.total,
        compare_sums.total as compare_total
    from sums
    full outer join compare_sums
        on sums.grouping_value is not distinct from compare_sums.grouping_value

)

select * from compared
where total is distinct from compare_total

{% endtest %}
