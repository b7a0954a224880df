{#
    Where a model could not be built the engine names the rule that was broken; whether the others
    hold is not known then.
#}

{% macro constraints_of(node, of_node, message) -%}
    {%- set rows = [] -%}
    {%- set is_broken = 'constraint failed' in message | lower -%}
    {%- for column in node.columns.values() -%}
        {%- for constraint in column.constraints -%}
            {#- A string in a manifest that was read back, an enumeration's member in another. -#}
            {%- set type = (constraint.type.value or constraint.type) | string -%}
            {%- set named = constraint.expression or '.' ~ column.name -%}
            {%- set status = of_node.status if of_node.status in ('pass', 'not run')
                else 'fail' if is_broken and named in message
                else 'not run' -%}
            {%- do rows.append(dict(
                of_node,
                check_id='constraint.' ~ node.unique_id ~ '.' ~ column.name ~ '.' ~ loop.index,
                check_name='constraint_' ~ type,
                column_name=column.name,
                dimension='integrity',
                status=status,
                threshold=constraint.expression or type | replace('_', ' '),
            )) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(rows) }}
{%- endmacro %}
