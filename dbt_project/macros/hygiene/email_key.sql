{% macro email_key(email) -%}
    case
        when {{ matches_pattern(email, "'@(gmail|googlemail)\\.com$'") }}
            then {{ replace_pattern(email, "'\\+.*|@.*|\\.'", "''") }} || '@gmail.com'
        else {{ replace_pattern(email, "'\\+[^@]*@'", "'@'") }}
    end
{%- endmacro %}
