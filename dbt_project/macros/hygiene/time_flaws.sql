{% macro time_flaws(time, seen_at) -%}
    case
        when {{ time }} is null then 'time_missing'
        when {{ time }} < cast('{{ var("earliest_activity") }}' as timestamp)
            then 'time_implausible'
        when {{ time }} > {{ seen_at }} + interval 1 day then 'time_in_future'
    end
{%- endmacro %}
