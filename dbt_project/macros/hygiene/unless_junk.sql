{% macro unless_junk(value, attribute, junk_values='junk_values') -%}
    case
        when
            lower({{ value }}) not in (
                select {{ junk_value('junk.junk_value') }}
                from {{ junk_values }} as junk
                where junk.attribute in ('any', '{{ attribute }}')
            )
            then {{ value }}
    end
{%- endmacro %}
