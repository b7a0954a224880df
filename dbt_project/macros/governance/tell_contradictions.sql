{# Says in dbt's output which decisions contradict each other, and how to mend it. #}

{% macro tell_contradictions(decisions) -%}
    {%- if execute -%}
        {%- set contradicted = run_query(
            'select * from ' ~ contradictions(decisions) ~ ' as contradictions'
            ~ ' order by record_key, other_record_key'
        ) -%}
        {%- for row in contradicted.rows -%}
            {{ log(
                'seeds/identity/decisions.csv contradicts itself: ' ~ row['record_key'] ~ ' and '
                ~ row['other_record_key'] ~ ' are decided to be separate, and linked, with each other'
                ~ ' or by way of other records. Take out one of these decisions; nothing is put'
                ~ ' together until then.',
                info=true
            ) }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
