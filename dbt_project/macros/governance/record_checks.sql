{#
    Called when a run ends. What a test found may hold personal data: how many rows it found is
    noted, never what. A run of a part of the project says nothing of the rest, so measures of all
    of it are taken where the model `measures` was built, and answers where `scorecard` was.
#}

{% macro record_checks(results) -%}
    {%- set checks = adapter.get_relation(target.database, 'governance', 'checks') -%}
    {%- if execute and checks is not none and results -%}
        {%- set built = built_models(results) -%}
        {%- set rows = checks_of(results) -%}
        {%- if rows -%}
            {%- do run_query(insert_checks(checks, rows, is_whole_build(results))) -%}
        {%- endif -%}
        {%- if 'measures' in built -%}
            {%- do run_query(insert_measures(checks, invocation_id, build_time())) -%}
        {%- endif -%}
        {%- if 'scorecard' in built -%}
            {%- do run_query(insert_answers(checks, invocation_id, build_time())) -%}
            {%- do tell_unplanned() -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
