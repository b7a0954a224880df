{# Files of Parquet hold to no rules: `check_contract` looks at them. #}

{% macro spark__persist_constraints(relation, model) -%}
{%- endmacro %}
