{#
    A value is valid where it fits the attribute its column is taken for, or, in a column that is
    none, where it is no placeholder.
#}

{% macro column_audit(
    profiles,
    canonical_attributes='canonical_attributes',
    attribute_aliases='attribute_aliases'
) -%}
    (
        select
            profiled.source,
            profiled.table_name,
            profiled.column_name,
            meant.canonical_entity,
            meant.canonical_attribute,
            case
                when profiled.filled_count = 0 then null
                when
                    profiled.boolean_count >= 0.95 * profiled.filled_count
                    and profiled.distinct_count <= 2
                    then 'boolean'
                when profiled.date_count >= 0.95 * profiled.filled_count then 'date'
                when profiled.number_count >= 0.95 * profiled.filled_count then 'number'
                when profiled.text_count < 0.5 * profiled.filled_count
                    and profiled.placeholder_count < 0.5 * profiled.filled_count
                    then 'json'
                else 'text'
            end as value_type,
            profiled.formats,
            profiled.shapes,
            profiled.row_count,
            profiled.filled_count,
            profiled.distinct_count,
            profiled.repeated_count,
            profiled.placeholder_count,
            profiled.padded_count,
            coalesce(
                meant.fitting_count, profiled.filled_count - profiled.placeholder_count
            ) as valid_count,
            profiled.filled_count / nullif(profiled.row_count, 0) as completeness,
            coalesce(meant.fitting_count, profiled.filled_count - profiled.placeholder_count)
                / nullif(profiled.filled_count, 0) as validity,
            profiled.distinct_count / nullif(profiled.filled_count, 0) as distinctness,
            meant.fitting_count / nullif(profiled.row_count, 0) as conformity,
            profiled.is_sampled
        from {{ profiles }} as profiled
        left join
            {{ column_meanings(profiles, canonical_attributes, attribute_aliases) }} as meant
            using (source, table_name, column_name)
    )
{%- endmacro %}
