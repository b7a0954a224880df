{# The rules of dbt's project, as far as time is concerned, where SQL can read them. #}

with

agreed (kind, name, owner, allowed_hours) as (

    values
    ('build', 'whole build', 'data', {{ var('build_within_hours') }})
    {% for source in (graph.sources.values() if execute else [])
        if source.source_name == 'loads' and source.freshness and source.freshness.error_after.count
    %}
        {% set hours = {'minute': 1 / 60, 'hour': 1, 'day': 24} %}
        , (
            'source',
            {{ text_literal(source.name) }},
            {{ text_literal(source.config.get('meta', {}).get('owner', 'data')) }},
            {{ source.freshness.error_after.count * hours[source.freshness.error_after.period] }}
        )
    {% endfor %}
    {% for model in public_models() %}
        , (
            'mart',
            {{ text_literal(model.name) }},
            {{ text_literal(model.config.meta.get('owner')) }},
            {{ model.config.meta.get('fresh_within_hours', var('build_within_hours')) }}
        )
    {% endfor %}

),

typed as (

    select
        kind,
        name,
        owner,
        cast(allowed_hours as double) as allowed_hours
    from agreed

)

select * from typed
