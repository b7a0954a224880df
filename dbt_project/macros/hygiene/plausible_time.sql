{# Nothing happens before tools like these were there, nor after its own record was taken in. #}

{% macro plausible_time(time, seen_at) -%}
    case
        when
            {{ time }} >= cast('{{ var("earliest_activity") }}' as timestamp)
            and {{ time }} <= {{ seen_at }} + interval 1 day
            then {{ time }}
    end
{%- endmacro %}
