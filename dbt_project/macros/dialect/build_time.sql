{# When the build began (UTC): the same in every model of it. #}

{% macro build_time() -%}
    {{ return(adapter.dispatch('build_time')()) }}
{%- endmacro %}

{% macro default__build_time() -%}
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as timestamp)
{%- endmacro %}
