{# To four digits, as amounts are kept; what is in the reporting currency stays as it is. #}

{% macro reporting_amount(amount, rate) -%}
    case
        when {{ rate }} = 1 then {{ amount }}
        else cast({{ rounded(amount ~ ' * ' ~ rate, 4) }} as decimal(18, 4))
    end
{%- endmacro %}
