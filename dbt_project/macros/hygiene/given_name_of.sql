{% macro given_name_of(full_name) -%}
    case
        when {{ full_name }} like '%@%' then null
        when {{ full_name }} like '%,%'
            then nullif(split_part(trim(split_part({{ full_name }}, ',', 2)), ' ', 1), '')
        when {{ full_name }} like '% %' then split_part({{ full_name }}, ' ', 1)
    end
{%- endmacro %}
