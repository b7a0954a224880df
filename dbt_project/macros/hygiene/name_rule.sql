{# Where nothing is left, since all of it was a title or a suffix, it was no name. #}

{% macro name_rule(raw, trimmed, named, written, cleaned, filled="'name_split'") -%}
    case
        when {{ trimmed }} is not null and {{ named }} is null then 'name_invalid'
        when {{ written }} is not null and {{ cleaned }} is null then 'name_invalid'
        when {{ written }} is null and {{ cleaned }} is not null then {{ filled }}
        when lower({{ cleaned }}) = lower({{ written }}) and {{ cleaned }} <> {{ written }}
            then 'name_case'
        when ({{ cleaned }} is distinct from {{ written }}) then 'name_parted'
        else {{ text_rule(raw, trimmed, cleaned) }}
    end
{%- endmacro %}
