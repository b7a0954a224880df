{#
    A test is a check, and so is each rule of a contract and the building of each model and seed. The
    rules of a contract hold where the model was built, since the engine lets nothing else in.
#}

{% macro checks_of(results) -%}
    {%- set statuses = {'success': 'pass', 'skipped': 'not run', 'runtime error': 'error'} -%}
    {%- set rows = [] -%}
    {%- for result in results -%}
        {%- set node = result.node -%}
        {%- set status = statuses.get(result.status | string, result.status | string) -%}
        {%- set meta = node.config.get('meta', {}) -%}
        {%- if node.resource_type == 'test' -%}
            {%- set tested = graph.nodes.get(node.attached_node, {}) -%}
            {%- set is_case_table = '/tests/macros/' in node.original_file_path -%}
            {%- do rows.append({
                'check_id': node.unique_id,
                'check_name': node.test_metadata.name if node.test_metadata
                    else 'macro_cases' if is_case_table else node.name,
                'model': tested.get('name') or (
                    graph.nodes.get(node.depends_on.nodes[0], {}).get('name')
                    if node.depends_on.nodes | length == 1
                ),
                'column_name': node.column_name,
                'dimension': meta.get('dimension'),
                'owner': meta.get('owner'),
                'status': status,
                'failures': result.failures,
                'threshold': node.config.severity | lower ~ ' if rows '
                    ~ (node.config.error_if if node.config.severity | lower == 'error'
                        else node.config.warn_if),
            }) -%}
        {%- elif node.resource_type == 'unit_test' -%}
            {%- set tested = graph.nodes.get(node.tested_node_unique_id, {}) -%}
            {%- do rows.append({
                'check_id': node.unique_id,
                'check_name': 'unit_test',
                'model': tested.get('name', node.model),
                'dimension': meta.get('dimension', 'integrity'),
                'owner': meta.get('owner', tested.get('config', {}).get('meta', {}).get('owner')),
                'status': status,
                'failures': 0 if status == 'pass' else result.failures,
            }) -%}
        {%- elif node.resource_type in ('model', 'seed') -%}
            {%- set of_node = {
                'model': node.name, 'owner': meta.get('owner', 'data'), 'status': status
            } -%}
            {%- do rows.append(dict(
                of_node,
                check_id='build.' ~ node.unique_id,
                check_name='build',
                dimension='availability',
            )) -%}
            {%- if node.resource_type == 'model' and node.config.contract.enforced -%}
                {%- do rows.extend(constraints_of(node, of_node, result.message or '')) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(rows) }}
{%- endmacro %}
