{% macro from_unix_time(seconds) -%}
    {{ return(adapter.dispatch('from_unix_time')(seconds)) }}
{%- endmacro %}

{% macro default__from_unix_time(seconds) -%}
    try(make_timestamp(cast({{ seconds }} as bigint) * 1000000))
{%- endmacro %}
