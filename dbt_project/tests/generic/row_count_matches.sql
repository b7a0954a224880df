{% test row_count_matches(model, compare_model, compare_where='true') %}

with

counts as (

    select
        (select count(*) from {{ model }}) as row_count,
        (select count(*) from {{ compare_model }} where {{ compare_where }})
            as compare_row_count

)

select * from counts
where row_count <> compare_row_count

{% endtest %}
