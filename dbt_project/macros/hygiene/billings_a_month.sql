{% macro billings_a_month(billing_interval, interval_count) -%}
    case {{ billing_interval }}
        when 'day' then 365 / 12e0
        when 'week' then 52 / 12e0
        when 'month' then 1e0
        when 'year' then 1 / 12e0
    end / {{ interval_count }}
{%- endmacro %}
