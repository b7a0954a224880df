{#
    While dbt parses, and while SQL is linted, there is no graph yet: then there are none. Of several
    versions of a model the latest is meant.
#}

{% macro public_models() -%}
    {%- set models = [] -%}
    {%- for node in (graph.nodes.values() if execute else [])
        if node.resource_type == 'model'
        and node.config.get('access') == 'public'
        and node.version == node.latest_version -%}
        {%- do models.append(node) -%}
    {%- endfor -%}
    {{ return(models | sort(attribute='name')) }}
{%- endmacro %}
