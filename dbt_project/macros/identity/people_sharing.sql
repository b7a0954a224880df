{# Beside those whose names are known, some more whose names are not: the var says how many. #}

{% macro people_sharing(people, kind) -%}
    greatest({{ people }} - 1, 0) + {{ var('identity').related_people[kind] }}
{%- endmacro %}
