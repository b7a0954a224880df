{% set tables = public_tables() %}

with

{% for table in tables %}
    {{ table }} as (

        select * from {{ ref(table) }}

    ),

{% endfor %}
profiled as (

    {% for table in tables %}
        select
            '{{ table }}' as model,
            *
        from {{ column_figures(table, public_columns(table)) }}

        {{ 'union all' if not loop.last }}

    {% endfor %}

),

typed as (

    select
        ---------- ids
        model,
        column_name,

        ---------- numbers
        row_count,
        filled_count,
        distinct_count,
        mean_value
    from profiled

)

select * from typed
