{#
    While dbt parses, and while SQL is linted, there is no graph yet: then there are none. How many
    different ids there are says nothing that the number of rows does not.
#}

{% macro public_columns(model) -%}
    {%- set numbers = ['bigint', 'integer', 'double', 'boolean'] -%}
    {%- set columns = [] -%}
    {%- for node in (graph.nodes.values() if execute else [])
        if node.resource_type == 'model'
        and node.name == model
        and node.version == node.latest_version -%}
        {%- for column in node.columns.values() -%}
            {%- set is_id = column.name.endswith('_id') or column.name.endswith('_key') -%}
            {%- do columns.append({
                'name': column.name,
                'is_text': column.data_type == 'varchar' and not is_id,
                'is_number': column.data_type in numbers or column.data_type.startswith('decimal'),
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
