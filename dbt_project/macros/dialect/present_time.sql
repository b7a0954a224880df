{# Unlike `build_time`, it goes on: what rests on it is judged when it is looked at. #}

{% macro present_time() -%}
    {{ return(adapter.dispatch('present_time')()) }}
{%- endmacro %}

{% macro default__present_time() -%}
    cast(current_timestamp at time zone 'UTC' as timestamp)
{%- endmacro %}

{% macro spark__present_time() -%}
    current_timestamp()
{%- endmacro %}
