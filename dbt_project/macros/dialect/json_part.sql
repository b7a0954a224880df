{% macro json_part(column, path) -%}
    {{ return(adapter.dispatch('json_part')(column, path)) }}
{%- endmacro %}

{% macro default__json_part(column, path) -%}
    json_extract({{ column }}, '$.{{ path }}')
{%- endmacro %}

{% macro spark__json_part(column, path) -%}
    {#- A name between quotes is one between brackets to Spark. -#}
    get_json_object(
        {{ column }}, '{{ modules.re.sub('\\.?"([^"]*)"', "[''\\1'']", "$." ~ path) }}'
    )
{%- endmacro %}
