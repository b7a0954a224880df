{% macro date_written_as(text, format) -%}
    {{ return(adapter.dispatch('date_written_as')(text, format)) }}
{%- endmacro %}

{% macro default__date_written_as(text, format) -%}
    cast(try_strptime({{ text }}, {{ format }}) as date)
{%- endmacro %}
