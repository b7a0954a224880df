{% macro months_between(first, last) -%}
    {{ return(adapter.dispatch('months_between')(first, last)) }}
{%- endmacro %}

{% macro default__months_between(first, last) -%}
    date_diff('month', {{ first }}, {{ last }})
{%- endmacro %}

{% macro spark__months_between(first, last) -%}
    cast(
        (year({{ last }}) - year({{ first }})) * 12 + month({{ last }}) - month({{ first }}) as bigint
    )
{%- endmacro %}
