{# What a session of the engine may take. Spark takes what it was started with. #}

{% macro limit_memory(size) -%}
    {{ return(adapter.dispatch('limit_memory')(size)) }}
{%- endmacro %}

{% macro default__limit_memory(size) -%}
    set global memory_limit = '{{ size }}'
{%- endmacro %}

{% macro spark__limit_memory(size) -%}

{%- endmacro %}
