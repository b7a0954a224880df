{% macro load_time(load_id) -%}
    {{ return(adapter.dispatch('load_time')(load_id)) }}
{%- endmacro %}

{% macro default__load_time(load_id) -%}
    make_timestamp(cast(cast({{ load_id }} as double) * 1000000 as bigint))
{%- endmacro %}

{% macro spark__load_time(load_id) -%}
    timestamp_micros(cast(rint(cast({{ load_id }} as double) * 1000000) as bigint))
{%- endmacro %}
