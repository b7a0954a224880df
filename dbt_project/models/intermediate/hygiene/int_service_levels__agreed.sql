{# The rules of dbt's project, as far as time is concerned, where SQL can read them. #}

with

agreed (kind, name, owner, allowed_hours) as (

    values
    ('build', 'whole build', 'data', {{ var('build_within_hours') }})
    {% for rule in freshness_rules() %}
        , ('source', {{ text_literal(rule.source) }}, {{ text_literal(rule.owner) }}, {{ rule.hours }})
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
