{% macro normalize_phone(number, calling_code, trunk_prefix, national_digits) -%}
    {%- set international -%}
        case
            when {{ number }} like '+%' then substr({{ number }}, 2)
            when {{ number }} like '00%' then substr({{ number }}, 3)
            when
                length({{ number }}) > {{ national_digits }} + length({{ trunk_prefix }})
                and {{ number }} like {{ calling_code }} || '%'
                then {{ number }}
            when {{ number }} like nullif({{ trunk_prefix }}, '') || '%'
                then {{ calling_code }} || substr({{ number }}, length({{ trunk_prefix }}) + 1)
            else {{ calling_code }} || {{ number }}
        end
    {%- endset -%}
    case
        when
            trim({{ number }}, left({{ number }}, 1)) <> ''
            and {{ matches_pattern(international, "'^[1-9][0-9]{7,14}$'") }}
            then '+' || {{ international }}
    end
{%- endmacro %}
