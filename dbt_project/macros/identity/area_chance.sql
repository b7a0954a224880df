{# Two records have a postcode in common, or only a city: the chance of agreeing is that of what it is. #}

{% macro area_chance(here, there) -%}
    case
        when {{ here }}.postcode = {{ there }}.postcode then {{ here }}.postcode_chance
        else {{ here }}.city_chance
    end
{%- endmacro %}
