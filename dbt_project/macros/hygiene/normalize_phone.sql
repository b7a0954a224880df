{% macro normalize_phone(phone, calling_code, trunk_prefix, national_digits) -%}
    {%- set number = replace_pattern('lower(' ~ phone ~ ')', "'\\(0\\)|(ext|x|#|;).*$'", "''") -%}
    {%- set digits = replace_pattern(number, "'[^0-9]'", "''") -%}
    {%- set international -%}
        case
            when {{ matches_pattern(number, "'^[^0-9]*\\+'") }} then {{ digits }}
            when {{ digits }} like '00%' then substr({{ digits }}, 3)
            when
                length({{ digits }}) > {{ national_digits }} + length({{ trunk_prefix }})
                and {{ digits }} like {{ calling_code }} || '%'
                then {{ digits }}
            when {{ digits }} like nullif({{ trunk_prefix }}, '') || '%'
                then {{ calling_code }} || substr({{ digits }}, length({{ trunk_prefix }}) + 1)
            else {{ calling_code }} || {{ digits }}
        end
    {%- endset -%}
    case
        when
            trim({{ digits }}, left({{ digits }}, 1)) <> ''
            and {{ matches_pattern(international, "'^[1-9][0-9]{7,14}$'") }}
            then '+' || {{ international }}
    end
{%- endmacro %}
