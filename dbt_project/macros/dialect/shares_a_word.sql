{% macro shares_a_word(one, other, separator) -%}
    {{ return(adapter.dispatch('shares_a_word')(one, other, separator)) }}
{%- endmacro %}

{% macro default__shares_a_word(one, other, separator) -%}
    case
        when contains({{ one }}, {{ separator }}) or contains({{ other }}, {{ separator }})
            then
                list_has_any(
                    string_split({{ one }}, {{ separator }}),
                    string_split({{ other }}, {{ separator }})
                )
        else {{ one }} = {{ other }}
    end
{%- endmacro %}

{% macro spark__shares_a_word(one, other, separator) -%}
    arrays_overlap(
        split({{ one }}, concat('\\Q', {{ separator }})), split({{ other }}, concat('\\Q', {{ separator }}))
    )
{%- endmacro %}
