{# What dbt knows of the public models, for whoever looks it up in SQL. #}

with

dictionary (
    model,
    column_name,
    column_position,
    data_type,
    pii,
    owner,
    description,
    is_shared_definition,
    model_description,
    exposures
) as (

    values
    (null, null, null, null, null, null, null, null, null, null)
    {% for model in public_models() %}
        {% set users = [] %}
        {% for exposure in graph.exposures.values() | sort(attribute='name')
            if model.unique_id in exposure.depends_on.nodes %}
            {% do users.append(exposure.name) %}
        {% endfor %}
        {% for column in model.columns.values() %}
            {% set meta = column.config.get('meta', {}) %}
            , (
                {{ text_literal(model.name) }},
                {{ text_literal(column.name) }},
                {{ loop.index }},
                {{ text_literal(column.data_type) }},
                {{ text_literal(meta.get('pii')) }},
                {{ text_literal(meta.get('owner', model.config.meta.get('owner'))) }},
                {{ text_literal(column.description) }},
                {{ 'true' if column.get('doc_blocks') else 'false' }},
                {{ text_literal(model.description) }},
                {{ text_literal(users | join(', ')) }}
            )
        {% endfor %}
    {% endfor %}

),

described as (

    select
        ---------- ids
        model,
        column_name,

        ---------- text
        data_type,
        pii,
        owner,
        description,
        model_description,
        exposures,

        ---------- numbers
        cast(column_position as bigint) as column_position,

        ---------- booleans
        coalesce(description, '') <> '' as is_described,
        is_shared_definition
    from dictionary
    where model is not null

)

select * from described
