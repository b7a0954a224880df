{% macro each_month(first, last) -%}
    {{ return(adapter.dispatch('each_month')(first, last)) }}
{%- endmacro %}

{% macro default__each_month(first, last) -%}
    unnest(
        generate_series(
            date_trunc('month', cast({{ first }} as timestamp)),
            date_trunc('month', cast({{ last }} as timestamp)),
            interval 1 month
        )
    )
{%- endmacro %}

{% macro spark__each_month(first, last) -%}
    {%- set first_month = "date_trunc('month', cast(" ~ first ~ " as timestamp))" -%}
    {%- set last_month = "date_trunc('month', cast(" ~ last ~ " as timestamp))" -%}
    explode(
        case
            when {{ first_month }} <= {{ last_month }}
                then sequence({{ first_month }}, {{ last_month }}, interval 1 month)
        end
    )
{%- endmacro %}
