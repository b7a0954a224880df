{% macro whole_number(text) -%}
    {{ return(adapter.dispatch('whole_number')(text)) }}
{%- endmacro %}

{% macro default__whole_number(text) -%}
    try_cast({{ text }} as bigint)
{%- endmacro %}
