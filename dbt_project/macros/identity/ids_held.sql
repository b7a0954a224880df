{# Relation of the id each record was given last. #}

{% macro ids_held(assignments) -%}
    (
        select
            entity,
            record_key,
            max_by(golden_id, assigned_at) as golden_id
        from {{ assignments }}
        group by entity, record_key
    )
{%- endmacro %}
