{% macro json_text(column, path) -%}
    {{ return(adapter.dispatch('json_text')(column, path)) }}
{%- endmacro %}

{% macro default__json_text(column, path) -%}
    json_extract_string({{ column }}, '$.{{ path }}')
{%- endmacro %}

{% macro spark__json_text(column, path) -%}
    {#- A name between quotes is one between brackets to Spark. -#}
    get_json_object(
        {{ column }}, '{{ modules.re.sub('\\.?"([^"]*)"', "[''\\1'']", "$." ~ path) }}'
    )
{%- endmacro %}
