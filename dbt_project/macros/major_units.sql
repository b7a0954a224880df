{% macro major_units(amount, digits) -%}
    cast(
        cast({{ amount }} as decimal(28, 6)) * cast(power(10, -{{ digits }}) as decimal(5, 4))
        as decimal(18, 4)
    )
{%- endmacro %}
