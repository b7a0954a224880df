{# How rows of a key take the place of those before: row by row, or a whole partition at once. #}

{% macro replacing_strategy() -%}
    {{ return(adapter.dispatch('replacing_strategy')()) }}
{%- endmacro %}

{% macro default__replacing_strategy() -%}
    delete+insert
{%- endmacro %}

{% macro spark__replacing_strategy() -%}
    insert_overwrite
{%- endmacro %}
