{% macro seconds_between(first, last) -%}
    {{ return(adapter.dispatch('seconds_between')(first, last)) }}
{%- endmacro %}

{% macro default__seconds_between(first, last) -%}
    date_diff('second', {{ first }}, {{ last }})
{%- endmacro %}
