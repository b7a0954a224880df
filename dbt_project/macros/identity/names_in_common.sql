{#
    Names are not as scattered as if each were drawn by itself: Giulia goes with Rossi, and both with
    Milan. What kind of pair a pattern is of, of those that strangers make more often than their names'
    frequencies say; how much more often is learnt (`estimated_shares`).
#}

{% macro names_in_common(pattern) -%}
    case
        when substr({{ pattern }}, 1, 1) <> 'e' or substr({{ pattern }}, 3, 1) <> 'e' then null
        when substr({{ pattern }}, 10, 1) = 'a' or substr({{ pattern }}, 11, 1) = 'e'
            then 'names_and_area'
        else 'names'
    end
{%- endmacro %}
