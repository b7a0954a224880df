{% macro family_name_of(full_name) -%}
    {%- set family_first = replace_pattern(full_name, "',.*$'", "''") -%}
    {%- set family_last = replace_pattern(full_name, "'(?i)\\s+(jr|sr|ii|iii|iv)\\.?$'", "''") -%}
    case
        when {{ full_name }} like '%@%' then null
        when {{ full_name }} like '%,%' then nullif(trim({{ family_first }}), '')
        when {{ family_last }} like '% %'
            then {{ replace_pattern(family_last, "'^.*\\s'", "''") }}
    end
{%- endmacro %}
