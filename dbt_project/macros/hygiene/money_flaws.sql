{% macro money_flaws(amount, money) -%}
    case
        when {{ amount }} is null then 'amount_missing'
        when {{ amount }} = 0 then 'amount_zero'
        when {{ amount }} < 0 then 'amount_negative'
    end,
    case
        when coalesce({{ amount }}, 0) = 0 then null
        when {{ money }}.currency is null then 'currency_unknown'
        when {{ money }}.reporting_rate is null then 'rate_missing'
        when {{ money }}.is_rate_outdated then 'rate_outdated'
    end
{%- endmacro %}
