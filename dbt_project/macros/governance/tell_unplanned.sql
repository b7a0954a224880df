{# A question answered no with no plan of what to do about it fails the build. #}

{% macro tell_unplanned() -%}
    {%- set unplanned = run_query(
        "select dimension, check_name, count(*) from governance.current_checks "
        ~ "where is_failing and plan is null group by all order by all"
    ) -%}
    {%- if unplanned.rows -%}
        {%- set told = [] -%}
        {%- for row in unplanned.rows -%}
            {%- do told.append(row[0] ~ ': ' ~ row[1] ~ ' (' ~ row[2] ~ ')') -%}
        {%- endfor -%}
        {%- do exceptions.raise_compiler_error(
            'answered no, and no plan says what to do: ' ~ told | join(', ')
            ~ '. Add a row for each check to dbt_project/seeds/governance/plans.csv'
        ) -%}
    {%- endif -%}
{%- endmacro %}
