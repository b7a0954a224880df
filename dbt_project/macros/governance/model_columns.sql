{# While dbt parses, and while SQL is linted, there is no graph yet: then there are none. #}

{% macro model_columns(model) -%}
    {%- set columns = [] -%}
    {%- for node in (graph.nodes.values() if execute else [])
        if node.resource_type == 'model'
        and node.name == model
        and node.version == node.latest_version -%}
        {%- do columns.extend(node.columns.keys()) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
