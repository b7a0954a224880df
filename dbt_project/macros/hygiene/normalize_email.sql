{% macro normalize_email(email) -%}
    {%- set address = replace_pattern(
        'lower(trim(' ~ email ~ '))', "'^mailto:|[\\s\\p{Z}<>]|[.,;]+$'", "''"
    ) -%}
    case
        when {{ matches_pattern(address, "'^[^@,;]+@[^@,;.]+(\\.[^@,;.]+)+$'") }} then {{ address }}
    end
{%- endmacro %}
