{#
    Two records linked by decisions, by way of however many others, cannot be decided to be separate;
    nor can the same two be decided both ways.
#}

{% macro contradictions(decisions) -%}
    (
        with

        links as (

            select
                record_number as node,
                other_record_number as neighbour
            from {{ decisions }}
            where decision = 'link'

        ),

        linked as (

            select * from {{ connected_components('links') }}

        )

        select
            decisions.record_key,
            decisions.other_record_key
        from {{ decisions }} as decisions
        inner join linked as here
            on decisions.record_number = here.node
        inner join linked as there
            on
                decisions.other_record_number = there.node
                and here.component = there.component
        where decisions.decision = 'separate'

        union

        select
            record_key,
            other_record_key
        from {{ decisions }}
        where is_contradicted
    )
{%- endmacro %}
