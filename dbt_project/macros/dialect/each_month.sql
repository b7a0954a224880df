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
