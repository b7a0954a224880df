{# An e-mail address and a link are no names, whatever form they were put into. #}

{% macro name_or_null(text) -%}
    case
        when
            {{ matches_pattern(text, "'\\p{L}'") }}
            and not {{ matches_pattern(text, "'@|://|^www\\.'") }}
            then {{ text }}
    end
{%- endmacro %}
