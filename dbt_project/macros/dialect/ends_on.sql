{% macro ends_on(text, end) -%}
    {{ return(adapter.dispatch('ends_on')(text, end)) }}
{%- endmacro %}

{% macro default__ends_on(text, end) -%}
    ends_with({{ text }}, {{ end }})
{%- endmacro %}

{% macro spark__ends_on(text, end) -%}
    endswith({{ text }}, {{ end }})
{%- endmacro %}
