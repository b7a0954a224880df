{% macro column_type(data_type) -%}
    {{ return(adapter.dispatch('column_type')(data_type)) }}
{%- endmacro %}

{% macro default__column_type(data_type) -%}
    {{ return(data_type) }}
{%- endmacro %}

{% macro spark__column_type(data_type) -%}
    {%- set types = {'varchar': 'string', 'text': 'string', 'json': 'string', 'integer': 'int'} -%}
    {{ return(types.get(data_type | lower, data_type)) }}
{%- endmacro %}
