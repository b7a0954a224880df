{% set tables = staged_tables() %}

with

{% for table in tables %}
    {{ table.model }} as (

        select * from {{ ref(table.model) }}

    ),

{% endfor %}
column_values as (

    {% for table in tables %}
        select
            '{{ table.source }}' as source,
            '{{ table.name }}' as table_name,
            *
        from {{ column_values(table.model, table.columns | map(attribute='name') | list) }}

        {{ 'union all' if not loop.last }}

    {% endfor %}

),

sampled as (

    select * from {{ sampled_values('column_values', most_values=2000) }}

)

select * from sampled
