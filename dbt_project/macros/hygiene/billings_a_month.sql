{% macro billings_a_month(billing_interval, interval_count) -%}
    case {{ billing_interval }}
        when 'day' then 365 / 12.0
        when 'week' then 52 / 12.0
        when 'month' then 1.0
        when 'year' then 1 / 12.0
    end / {{ interval_count }}
{%- endmacro %}
