{# As `json_text`, of a name that stands in a column. #}

{% macro json_text_of(column, name) -%}
    {{ return(adapter.dispatch('json_text_of')(column, name)) }}
{%- endmacro %}

{% macro default__json_text_of(column, name) -%}
    json_extract_string({{ column }}, '$."' || {{ name }} || '"')
{%- endmacro %}

{% macro spark__json_text_of(column, name) -%}
    from_json({{ column }}, 'map<string, string>')[{{ name }}]
{%- endmacro %}
