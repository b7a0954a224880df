{% set tables = staged_tables() %}

with

{% for table in tables %}
    {{ table.model }} as (

        select * from {{ ref(table.model) }}

    ),

{% endfor %}
profiled as (

    {% for table in tables %}
        select
            '{{ table.source }}' as source,
            '{{ table.name }}' as table_name,
            *
        from {{ row_profile(table.model, table.contents, table.times, 'loaded_at') }}

        {{ 'union all' if not loop.last }}

    {% endfor %}

)

select * from profiled
