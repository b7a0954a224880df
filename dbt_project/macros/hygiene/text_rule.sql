{% macro text_rule(raw, trimmed, cleaned) -%}
    case
        when {{ raw }} is not null and {{ trimmed }} is null then 'blank'
        when {{ trimmed }} is not null and {{ cleaned }} is null then 'placeholder'
        when {{ cleaned }} <> {{ raw }} then 'whitespace'
    end
{%- endmacro %}
