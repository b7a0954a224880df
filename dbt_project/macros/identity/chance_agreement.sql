{#
    The one who has the value counts for none; the world beside these records has it as often as the base
    says, and weighs as much as `pseudo_population` records.
#}

{% macro chance_agreement(count, population, base) -%}
    cast({{ count }} - 1 + {{ var('identity').pseudo_population }} * {{ base }} as double)
    / ({{ population }} + {{ var('identity').pseudo_population }})
{%- endmacro %}
