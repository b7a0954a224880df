with

{% for source in audited_tables() | map(attribute='source') | unique -%}
    {{ source }} as (

        select
            'raw_{{ source }}' as table_schema,
            table_name,
            column_name
        from {{ column_types('raw_' ~ source) }}
        -- What dlt keeps its own books in is none of the source's.
        where table_name not like '|_dlt|_%' escape '|'

    ),

{% endfor -%}
combined as (

    {% for source in audited_tables() | map(attribute='source') | unique %}
        select * from {{ source }}
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

)

select * from combined
