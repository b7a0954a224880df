{#
    A column of the model that says which trait it is made of: `meta: {trait: {source: …, name: …}}`.
    Its contract is then all there is to write.
#}

{% macro promoted_traits() -%}
    {% set promoted = [] %}
    {% for column in model.columns.values() if column.config.meta.trait %}
        {% do promoted.append({
            'name': column.name,
            'data_type': column.data_type,
            'source': column.config.meta.trait.source,
            'trait': column.config.meta.trait.name
        }) %}
    {% endfor %}
    {{ return(promoted) }}
{%- endmacro %}
