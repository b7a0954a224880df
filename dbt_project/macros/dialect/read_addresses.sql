{#
    An address is taken apart into words; each is looked up in its country's language, and the words
    are put together again without what says where in the house, and without the house number.
    Texts of plain letters and digits pass by the patterns for punctuation.
#}

{% macro read_addresses(addresses, countries='countries', street_words='street_words') -%}
    {{ return(adapter.dispatch('read_addresses')(addresses, countries, street_words)) }}
{%- endmacro %}

{% macro default__read_addresses(addresses, countries, street_words) -%}
    {%- set without_punctuation -%}
        case
            when {{ matches_pattern('TEXT', "'^[A-Za-z0-9 ]*$'") }} then TEXT
            else {{ replace_pattern(
                replace_pattern(
                    replace_pattern(
                        'replace(' ~ replace_pattern('TEXT', "'[''’ʼ`]'", "''") ~ ", '#', ' # ')",
                        "'\\b(\\p{L})\\.(\\p{L})\\.'",
                        "'\\1\\2 '"
                    ),
                    "'([0-9])[-/]([A-Za-z])\\b'",
                    "'\\1\\2'"
                ),
                "'([\\p{L}])[-/]+|[-/]+([\\p{L}])|[^\\p{L}\\p{M}\\p{N}#/-]+'",
                "'\\1 \\2'"
            ) }}
        end
    {%- endset -%}
    {%- set is_ordinal = matches_whole('WORD', "'[0-9]+(st|nd|rd|th)'") -%}
    {%- set is_unit = matches_whole('WORD', "'[a-z]{0,2}-?[0-9].*|[a-z]'") -%}
    {%- set is_number = matches_whole(
        'WORD', "'[0-9]+(bis|ter|quater|[a-z])?([-/][0-9]+[a-z]?)?'"
    ) -%}
    {%- set first_word = item_of('gathered.street_words', 1) -%}
    {%- set last_word = item_of('gathered.street_words', -1) -%}
    (
        with

        written as (

            select distinct
                street_address,
                unit,
                country_code
            from {{ addresses }}
            where street_address is not null or unit is not null

        ),

        spaced as (

            select
                written.street_address,
                written.unit,
                written.country_code,
                countries.language,
                coalesce(countries.is_house_number_first, false) as is_house_number_first,
                {{ without_punctuation.replace('TEXT', 'written.street_address') }} as spaced_address,
                {{ without_punctuation.replace('TEXT', 'written.unit') }} as spaced_unit
            from written
            left join {{ countries }} as countries
                on written.country_code = countries.country_code

        ),

        {#
            A letter that stands alone after a number, at the end, belongs to it, as do bis and ter.
            A street that begins with St is a saint's.
        #}
        split as (

            select
                {{ all_but(['spaced_address', 'spaced_unit']) }},
                case
                    when {{ matches_pattern(
                        'spaced_address', "'[0-9] +(?i:[a-z]|bis|ter|quater)( |$)'"
                    ) }}
                        then {{ replace_first(
                            replace_first(
                                'spaced_address',
                                "'(?i)([0-9]) +(bis|ter|quater)\\b'",
                                "'\\1\\2'"
                            ),
                            "'(?i)([0-9]) +([a-z])( *$| +#)'",
                            "'\\1\\2\\3'"
                        ) }}
                    when language = 'en' and lower(spaced_address) like '%st %'
                        then {{ replace_first(
                            'spaced_address',
                            "'(?i)^([0-9]\\S* +)?st +(\\p{L}+ +\\p{L})'",
                            "'\\1saint \\2'"
                        ) }}
                    else spaced_address
                end as address,
                {{ split_by('trim(spaced_unit)', "' +'") }} as given_unit_words
            from spaced

        ),

        {# Which number an address has makes no difference, so nothing is sorted for it. #}
        numbered as (

            select
                *,
                {{ split_by('trim(address)', "' +'") }} as address_words,
                row_number() over ({{ in_any_order() }}) as address_number
            from split

        ),

        exploded as (

            select
                address_number,
                language,
                false as is_of_given_unit,
                {{ explode_in_order('address_words', 'written_word', 'place') }}
            from numbered

            union all

            select
                address_number,
                language,
                true as is_of_given_unit,
                {{ explode_in_order('given_unit_words', 'written_word', 'place') }}
            from numbered

        ),

        keyed as (

            select
                *,
                {{ without_accents('lower(written_word)') }} as word
            from exploded

        ),

        {# Hauptstr. and Hauptstrasse are one: what stands before the kind of street is kept. #}
        parted as (

            select
                address_number,
                language,
                is_of_given_unit,
                place,
                word,
                case
                    when word like '%_str' or word like '%_strasse' or word like '%_straat'
                        then {{ first_match('word', "'^(.+)(str|strasse|straat)$'", 1) }}
                    else ''
                end as stem
            from keyed

        ),

        words_of_any as (

            select * from {{ street_words }}
            where language is null

        ),

        looked_up as (

            select
                parted.address_number,
                parted.is_of_given_unit,
                parted.place,
                coalesce(of_language.kind, of_any.kind, 'street') as kind,
                case
                    when coalesce(of_language.kind, of_any.kind) = 'street'
                        then parted.stem || coalesce(of_language.normal_word, of_any.normal_word)
                    else parted.word
                end as word
            from parted
            left join {{ street_words }} as of_language
                on
                    parted.language = of_language.language
                    and substr(parted.word, length(parted.stem) + 1) = of_language.word
            left join words_of_any as of_any on parted.word = of_any.word

        ),

        neighboured as (

            select
                *,
                lag(kind) over address as kind_before,
                lead(kind) over address as kind_after,
                lead(word) over address as word_after,
                coalesce(
                    {{ is_ordinal.replace('WORD', 'lag(word) over address') }}, false
                ) as is_after_ordinal,
                coalesce(
                    {{ is_ordinal.replace('WORD', 'lag(word, 2) over address') }}, false
                ) as is_second_after_ordinal
            from looked_up
            window address as (
                partition by address_number, is_of_given_unit order by place
            )

        ),

        {#
            What follows a word for a flat or an office is its number where it looks like one; so is
            the 2nd before Floor, and all of a unit that is given apart.
        #}
        judged as (

            select
                address_number,
                is_of_given_unit,
                place,
                word,
                case
                    when is_of_given_unit and kind = 'street' then 'unit'
                    when is_of_given_unit then 'mark'
                    when
                        kind = 'unit'
                        and (
                            is_after_ordinal
                            or {{ is_unit.replace('WORD', 'word_after') }} and kind_after <> 'unit'
                            or word = '#'
                        )
                        then 'mark'
                    when kind = 'number' then 'mark'
                    when kind = 'street' and kind_after = 'unit'
                        and {{ is_ordinal.replace('WORD', 'word') }}
                        then 'unit'
                    when
                        kind = 'street'
                        and kind_before = 'unit'
                        and not is_second_after_ordinal
                        and {{ is_unit.replace('WORD', 'word') }}
                        then 'unit'
                    else 'street'
                end as role
            from neighboured

        ),

        gathered as (

            select
                address_number,
                {{ items_in_order('word', 'place', "role = 'street'") }} as street_words,
                {{ items_in_order('word', 'place', "role = 'unit' and not is_of_given_unit") }}
                    as unit_words,
                {{ items_in_order('word', 'place', "role = 'unit' and is_of_given_unit") }}
                    as given_unit_words
            from judged
            group by address_number

        ),

        placed as (

            select
                numbered.street_address,
                numbered.unit,
                numbered.country_code,
                gathered.unit_words,
                gathered.given_unit_words,
                gathered.street_words,
                case
                    when
                        {{ is_number.replace('WORD', first_word) }}
                        and (
                            numbered.is_house_number_first
                            or {{ count_of('gathered.street_words') }} = 1
                            or not {{ is_number.replace('WORD', last_word) }}
                        )
                        then 1
                    when {{ is_number.replace('WORD', last_word) }}
                        then {{ count_of('gathered.street_words') }}
                end as number_place
            from numbered
            left join gathered on numbered.address_number = gathered.address_number

        ),

        joined as (

            select
                street_address,
                unit,
                country_code,
                {{ item_of('street_words', 'number_place') }} as house_number,
                case
                    when number_place is null then street_words
                    when number_place = 1 then {{ items_of('street_words', 2) }}
                    else {{ items_of('street_words', 1, 'number_place - 1') }}
                end as street_words,
                {{ join_list('unit_words', "' '") }} as unit_in_address,
                {{ join_list('given_unit_words', "' '") }} as given_unit
            from placed

        )

        select
            street_address,
            unit,
            country_code,
            house_number,
            nullif({{ join_list('street_words', "' '") }}, '') as street,
            nullif(
                concat_ws(' ', unit_in_address, nullif(given_unit, unit_in_address)), ''
            ) as unit_number,
            nullif(
                concat_ws(' ', nullif({{ join_list('street_words', "''") }}, ''), house_number), ''
            ) as address_key
        from joined
    )
{%- endmacro %}
