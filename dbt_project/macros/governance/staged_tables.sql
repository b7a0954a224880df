{#
    While dbt parses, and while SQL is linted, there is no graph yet: the tables then have no columns,
    but are listed, which is what dbt has to know of a model by then.
#}

{% macro staged_tables() -%}
    {%- set tables = audited_tables() -%}
    {%- set load_metadata = ['loaded_at', 'file', 'line'] -%}
    {%- set keys = {} -%}
    {%- for node in (graph.nodes.values() if execute else []) if node.resource_type == 'test' -%}
        {%- set test = node.test_metadata or {} -%}
        {%- if test.name == 'unique' -%}
            {%- do keys.setdefault(node.attached_node, []).append(node.column_name) -%}
        {%- elif test.name == 'unique_combination' -%}
            {%- do keys.setdefault(node.attached_node, []).extend(test.kwargs.columns) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for table in tables -%}
        {%- do table.update({'columns': [], 'contents': [], 'times': []}) -%}
        {%- set model_id = 'model.' ~ project_name ~ '.' ~ table.model -%}
        {%- set node = graph.nodes[model_id] if execute else {} -%}
        {%- for column in node.get('columns', {}).values() if column.name not in load_metadata -%}
            {%- do table.columns.append({
                'name': column.name,
                'pii': column.config.get('meta', {}).get('pii', 'none'),
            }) -%}
            {%- if column.name not in keys.get(node.unique_id, []) -%}
                {%- do table.contents.append(column.name) -%}
            {%- endif -%}
            {%- if column.name.endswith('_at') -%}
                {%- do table.times.append(column.name) -%}
            {%- endif -%}
        {%- endfor -%}
        {#- Of one column beside the key, as where a table links two, repeating is the point. -#}
        {%- if table.contents | length == 1 -%}
            {%- do table.update({'contents': []}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}
