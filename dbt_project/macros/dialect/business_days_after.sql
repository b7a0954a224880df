{# What comes on a weekend counts from the Friday before, so that the first day is Monday. #}

{% macro business_days_after(time, days) -%}
    {{ return(adapter.dispatch('business_days_after')(time, days)) }}
{%- endmacro %}

{% macro default__business_days_after(time, days) -%}
    {% set weekday = 'least(isodow(' ~ time ~ '), 5)' -%}
    {{ days_after(
        time,
        weekday ~ ' - isodow(' ~ time ~ ') + ' ~ days
        ~ ' + 2 * ((' ~ weekday ~ ' - 1 + ' ~ days ~ ') // 5)'
    ) }}
{%- endmacro %}

{% macro spark__business_days_after(time, days) -%}
    {% set weekday = 'least(weekday(' ~ time ~ ') + 1, 5)' -%}
    {{ days_after(
        time,
        weekday ~ ' - weekday(' ~ time ~ ') - 1 + ' ~ days
        ~ ' + 2 * ((' ~ weekday ~ ' - 1 + ' ~ days ~ ') div 5)'
    ) }}
{%- endmacro %}
