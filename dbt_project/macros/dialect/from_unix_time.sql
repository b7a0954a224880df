{% macro from_unix_time(seconds) -%}
    {{ return(adapter.dispatch('from_unix_time')(seconds)) }}
{%- endmacro %}

{% macro default__from_unix_time(seconds) -%}
    try(make_timestamp(cast({{ seconds }} as bigint) * 1000000))
{%- endmacro %}

{% macro spark__from_unix_time(seconds) -%}
    {#- Beyond what a time can be there is none, rather than an error. -#}
    case
        when try_cast({{ seconds }} as bigint) between -100000000000 and 100000000000
            then timestamp_seconds(try_cast({{ seconds }} as bigint))
    end
{%- endmacro %}
