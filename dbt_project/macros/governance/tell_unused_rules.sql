{# Says in dbt's output which rules would bring too many pairs together, and are not used. #}

{% macro tell_unused_rules(measured) -%}
    {%- if execute -%}
        {%- set unused = run_query(
            'select entity, rule, pair_count from ' ~ measured
            ~ ' where not is_used order by entity, pair_count, rule'
        ) -%}
        {%- for entity in unused.columns['entity'].values() | unique -%}
            {%- set rules = [] -%}
            {%- for row in unused.rows if row['entity'] == entity -%}
                {%- set pairs = '{:,}'.format(row['pair_count'] | int) -%}
                {%- do rules.append(row['rule'] ~ ' (' ~ pairs ~ ')') -%}
            {%- endfor -%}
            {{ log(
                'Blocking rules not used for ' ~ entity ~ ' records, by the pairs they would make: '
                ~ rules | join(', '),
                info=true
            ) }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
