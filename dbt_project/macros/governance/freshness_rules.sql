{#
    While dbt parses, and while SQL is linted, there is no graph yet: then there are none. The rule of
    a source is that after which `dbt source freshness` fails.
#}

{% macro freshness_rules() -%}
    {%- set hours = {'minute': 1 / 60, 'hour': 1, 'day': 24} -%}
    {%- set rules = [] -%}
    {%- for source in (graph.sources.values() if execute else [])
        if source.source_name == 'loads' and source.freshness -%}
        {%- set allowed = source.freshness.error_after -%}
        {%- if allowed and allowed.count -%}
            {%- do rules.append({
                'source': source.name,
                'owner': source.config.get('meta', {}).get('owner', 'data'),
                'hours': allowed.count * hours[allowed.period | string],
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(rules) }}
{%- endmacro %}
