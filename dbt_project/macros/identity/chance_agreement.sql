{#
    The one who has the value counts for none; the world beside these records has it as often as the base
    says, and weighs as much as `pseudo_population` records. Never rarer than among these records.
#}

{% macro chance_agreement(count, population, base) -%}
    greatest(
        cast({{ count }} - 1 + {{ var('identity').pseudo_population }} * {{ base }} as double)
        / ({{ population }} + {{ var('identity').pseudo_population }}),
        cast({{ count }} - 10 as double) / {{ population }}
    )
{%- endmacro %}
