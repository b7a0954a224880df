{# Then what is no longer checked is no longer known: it was taken out of the project. #}

{% macro is_whole_build(results) -%}
    {%- set looked_at = results | map(attribute='node.unique_id') | list -%}
    {%- set left_out = [] -%}
    {%- for node in graph.nodes.values()
        if node.resource_type in ('model', 'test')
        and node.config.enabled
        and node.unique_id not in looked_at -%}
        {%- do left_out.append(node.unique_id) -%}
    {%- endfor -%}
    {{ return(not left_out) }}
{%- endmacro %}
