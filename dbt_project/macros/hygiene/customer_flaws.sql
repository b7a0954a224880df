{% macro customer_flaws(customer_record_key, customer_id) -%}
    case
        when {{ customer_id }} is not null then null
        when {{ customer_record_key }} is null then 'customer_missing'
        else 'customer_unknown'
    end
{%- endmacro %}
