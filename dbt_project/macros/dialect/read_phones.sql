{#
    Follows `phonenumbers`, whose metadata the seeds are made from: what is a number in the text and
    what its extension; whether it is international, by a `+`, an access code or a calling code;
    what was dialled only within the country; whether a number of that length can be, and whether
    such numbers are in use. Lookups are by digits as whole numbers, a 1 put before where zeros may
    lead. Most numbers are digits and common punctuation, and pass by the costly patterns.
#}

{% macro read_phones(
    phones,
    access_codes='phone_access_codes',
    numbering_plans='phone_numbering_plans',
    dialling_rules='phone_dialling_rules',
    number_ranges='phone_number_ranges'
) -%}
    {{ return(adapter.dispatch('read_phones')(
        phones, access_codes, numbering_plans, dialling_rules, number_ranges
    )) }}
{%- endmacro %}

{% macro default__read_phones(
    phones, access_codes, numbering_plans, dialling_rules, number_ranges
) -%}
    {%- set punctuation = '-x\\x{2010}-\\x{2015}\\x{2212}\\x{30FC}\\x{FF0D}-\\x{FF0F} '
        ~ '\\x{00A0}\\x{00AD}\\x{200B}\\x{2060}\\x{3000}()\\x{FF08}\\x{FF09}\\x{FF3B}\\x{FF3D}.'
        ~ '\\[\\]/~\\x{2053}\\x{223C}\\x{FF5E}' -%}
    {%- set viable = '[0-9]{2}|[+\\x{FF0B}]*(?:[' ~ punctuation ~ '*]*[0-9]){3,}'
        ~ '[' ~ punctuation ~ '*A-Za-z0-9]*' -%}
    {%- set gap = '[ \\x{00A0}\\t,]*' -%}
    {%- set after_label = '[:.\\x{FF0E}]?[ \\x{00A0}\\t,-]*' -%}
    {%- set extension = ';ext=[0-9]{1,20}|'
        ~ gap ~ '(?:e?xt(?:ensi(?:o\\x{0301}?|\\x{00F3}))?n?|\\x{FF45}?\\x{FF58}\\x{FF54}\\x{FF4E}?'
        ~ '|\\x{0434}\\x{043E}\\x{0431}|anexo)' ~ after_label ~ '[0-9]{1,20}#?|'
        ~ gap ~ '(?:[x\\x{FF58}#\\x{FF03}~\\x{FF5E}]|int|\\x{FF49}\\x{FF4E}\\x{FF54})'
        ~ after_label ~ '[0-9]{1,9}#?|'
        ~ '[- ]+[0-9]{1,6}#|'
        ~ '[ \\x{00A0}\\t]*(?:,{2}|;)' ~ after_label ~ '[0-9]{1,15}#?|'
        ~ '[ \\x{00A0}\\t]*,+' ~ after_label ~ '[0-9]{1,9}#?' -%}
    (
        with

        phones as (

            select distinct
                phone,
                country_code
            from {{ phones }}
            where phone is not null

        ),

        written as (

            select
                *,
                {{ matches_pattern('phone', "'^[- ().]*[+]?[- ().]*([0-9][-0-9 ()./]*)?$'") }}
                    as is_plain
            from phones

        ),

        {# From the first digit or plus to the last letter or digit, and no second number. #}
        found as (

            select
                *,
                case
                    when not is_plain and length(phone) <= 250
                        then {{ replace_pattern(
                            replace_pattern(
                                first_match(
                                    with_plain_digits('phone'), "'(?s)[+\\x{FF0B}0-9].*'"
                                ),
                                "'(?s)[^#\\p{L}\\p{N}]+$|;isub=.*$'",
                                "''"
                            ),
                            "'(?s)[\\\\/] *x.*$'",
                            "''"
                        ) }}
                end as found_phone
            from written

        ),

        extended as (

            select
                *,
                case
                    when {{ matches_pattern(
                        'found_phone', "'(?i)^(?:" ~ viable ~ ")(?:" ~ extension ~ ")?$'"
                    ) }}
                        then {{ first_match('found_phone', "'(?i)(?:" ~ extension ~ ")$'") }}
                end as written_extension
            from found

        ),

        split as (

            select
                *,
                case
                    when {{ matches_pattern(
                        'left(found_phone, length(found_phone) - length(written_extension))',
                        "'(?i)^(?:" ~ viable ~ ")$'"
                    ) }}
                        then written_extension
                    when written_extension is not null then ''
                end as extension_part
            from extended

        ),

        numbered as (

            select
                {{ all_but(['found_phone', 'written_extension', 'extension_part']) }},
                case
                    when is_plain then phone
                    else left(found_phone, length(found_phone) - length(extension_part))
                end as number_part,
                nullif({{ first_match('extension_part', "'([0-9]+)#?$'", 1) }}, '') as extension
            from split

        ),

        dialled as (

            select
                {{ all_but(['number_part']) }},
                number_part like '%+%' or number_part like '%＋%' as has_plus,
                case
                    when is_plain then translate(number_part, '+- ()./', '')
                    when {{ matches_pattern('number_part', "'([A-Za-z][^A-Za-z]*){3}'") }}
                        then {{ replace_pattern(
                            "translate(upper(number_part), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', "
                            ~ "'22233344455566677778889999')",
                            "'[^0-9]'",
                            "''"
                        ) }}
                    else {{ replace_pattern('number_part', "'[^0-9]'", "''") }}
                end as digits
            from numbered

        ),

        {# After a plus no number begins with 0: at best an access code was put after it. #}
        dialled_from as (

            select
                *,
                case when not has_plus or digits like '0%' then country_code end as access_country
            from dialled

        ),

        addressed as (

            select
                {{ all_but(['has_plus', 'access_country', 'digits'], 'dialled_from') }},
                access_codes.country_code is not null or dialled_from.has_plus as is_international,
                case
                    when access_codes.country_code is not null
                        then substr(dialled_from.digits, access_codes.dropped_digits + 1)
                    when not dialled_from.has_plus or dialled_from.access_country is null
                        then dialled_from.digits
                end as digits
            from dialled_from
            left join {{ access_codes }} as access_codes
                on
                    dialled_from.access_country = access_codes.country_code
                    and dialled_from.digits >= access_codes.first_digits
                    and dialled_from.digits <= access_codes.last_digits || '~'

        ),

        {# The first digits of an international number say whose rules it follows. #}
        beginnings as (

            select
                *,
                case when is_international then left(digits, 1) end as one_digit,
                case when is_international then left(digits, 2) end as two_digits,
                case when is_international then left(digits, 3) end as three_digits,
                case when not is_international then country_code end as home_country
            from addressed

        ),

        plans as (

            select
                *,
                case when is_main_country then calling_code end as main_calling_code
            from {{ numbering_plans }}

        ),

        planned as (

            select
                {{ all_but(
                    ['one_digit', 'two_digits', 'three_digits', 'home_country', 'digits'], 'beginnings'
                ) }},
                coalesce(one.country_code, two.country_code, three.country_code, home.country_code)
                    as plan_country_code,
                coalesce(one.calling_code, two.calling_code, three.calling_code, home.calling_code)
                    as calling_code,
                coalesce(
                    one.national_digits, two.national_digits, three.national_digits,
                    home.national_digits
                ) as national_digits,
                case
                    when home.calling_code is not null then beginnings.digits
                    else substr(beginnings.digits, 1 + length(
                        coalesce(one.calling_code, two.calling_code, three.calling_code)
                    ))
                end as digits
            from beginnings
            left join plans as one on beginnings.one_digit = one.main_calling_code
            left join plans as two on beginnings.two_digits = two.main_calling_code
            left join plans as three on beginnings.three_digits = three.main_calling_code
            left join plans as home on beginnings.home_country = home.country_code

        ),

        rules as (

            select
                {{ all_but(['digits']) }},
                cast('1' || rpad(coalesce(first_digits, ''), digits, '0') as bigint) as first_number,
                cast('1' || rpad(coalesce(last_digits, ''), digits, '9') as bigint) as last_number
            from (
                select
                    *,
                    {{ explode_range('minimum_digits', 'maximum_digits') }} as digits
                from {{ dialling_rules }}
            )

        ),

        ruled as (

            select
                *,
                try_cast('1' || digits as bigint) as rule_number
            from planned

        ),

        rewritten as (

            select
                {{ all_but([
                    'digits', 'rule_number', 'last_number', 'has_calling_code', 'put_before',
                    'dropped_digits',
                ]) }},
                case
                    when
                        rule_number <= last_number
                        and not (is_international and has_calling_code)
                        then coalesce(put_before, '') || substr(digits, dropped_digits + 1)
                    else digits
                end as national_number
            from {{ with_range(
                'ruled', 'rules', 'rule_number', 'first_number',
                ['last_number', 'has_calling_code', 'put_before', 'dropped_digits'],
                'plan_country_code', 'country_code'
            ) }}

        ),

        international as (

            select
                {{ all_but([
                    'plan_country_code', 'calling_code', 'national_digits', 'national_number',
                ]) }},
                case
                    when
                        ' ' || national_digits || ' '
                        like '% ' || cast(length(national_number) as string) || ' %'
                        then calling_code || national_number
                end as number
            from rewritten

        ),

        looked_up as (

            select
                *,
                try_cast(number as bigint) as range_number
            from international

        ),

        number_ranges as (

            select
                country_code as phone_country_code,
                cast(rpad(first_digits, digits, '0') as bigint) as first_number,
                cast(rpad(last_digits, digits, '9') as bigint) as last_number
            from {{ number_ranges }}

        )

        select
            phone,
            country_code,
            '+' || number as phone_number,
            case when number is not null then extension end as extension,
            case
                when number is not null then coalesce(range_number <= last_number, false)
            end as is_valid,
            case when range_number <= last_number then phone_country_code end as phone_country_code
        from {{ with_range(
            'looked_up', 'number_ranges', 'range_number', 'first_number',
            ['last_number', 'phone_country_code']
        ) }}
    )
{%- endmacro %}
