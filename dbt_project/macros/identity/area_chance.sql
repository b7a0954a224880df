{# Of a postcode in common, or of a city where that is all. #}

{% macro area_chance(here, there) -%}
    case
        when {{ here }}.postcode = {{ there }}.postcode then {{ here }}.postcode_chance
        else {{ here }}.city_chance
    end
{%- endmacro %}
