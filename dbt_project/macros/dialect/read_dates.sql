{#
    The numbers of a date are read as year, month and day by what each can be: four digits are a
    year, a word is a month, and dots put the day first anywhere. Which of two numbers is the day
    depends on the country otherwise, unless only one of the two ways is a date.
#}

{% macro read_dates(dates, month_names='month_names') -%}
    {{ return(adapter.dispatch('read_dates')(dates, month_names)) }}
{%- endmacro %}

{% macro default__read_dates(dates, month_names) -%}
    {%- set day_of -%}
        try_cast(concat_ws('-', year_number, lpad(MONTH, 2, '0'), lpad(DAY, 2, '0')) as date)
    {%- endset -%}
    (
        with

        {# The time of day is left out, as are the endings of ordinals. #}
        bare as (

            select
                *,
                trim({{ replace_pattern(
                    replace_first(
                        replace_first(
                            without_accents('lower(' ~ with_plain_digits('date_text') ~ ')'),
                            "'[t ,]+[0-9]{1,2}:[0-9]{2}.*$'",
                            "''"
                        ),
                        "'([0-9])(st|nd|rd|th|er|[ºª°])\\b'",
                        "'\\1'"
                    ),
                    "'[年月日]'",
                    "' '"
                ) }}) as bare_date
            from {{ dates }}

        ),

        named as (

            select
                bare.*,
                months.month_number,
                {{ all_matches('bare.bare_date', "'[0-9]+'") }} as numbers
            from bare
            left join {{ month_names }} as months
                on {{ first_match('bare.bare_date', "'\\pL{3,}'") }} = months.month_name

        ),

        shaped as (

            select
                *,
                case
                    when
                        month_number is not null
                        and {{ matches_whole(
                            'bare_date',
                            "'([0-9]{1,2}[-. ]*)?((de|of) )?\\pL{3,}[-., ]+((de|of|del) )?"
                            ~ "([0-9]{1,2}[-, ]+)?[0-9]{2,4}"
                            ~ "|[0-9]{4}[-., ]+\\pL{3,}[-. ]+[0-9]{1,2}'"
                        ) }}
                        and {{ count_of('numbers') }} = 2
                        then 'named'
                    when {{ matches_whole('bare_date', "'[0-9]{5}(\\.0+)?'") }} then 'serial'
                    when {{ matches_whole('bare_date', "'(1[89]|20)[0-9]{6}'") }} then 'compact'
                    when {{ matches_whole('bare_date', "'[0-9]{4}(1[89]|20)[0-9]{2}'") }}
                        then 'compact_last'
                    when
                        {{ matches_whole(
                            'bare_date',
                            "'[0-9]{1,4}[-/. ]+[0-9]{1,2}[-/. ]+[0-9]{1,4}[-/. ]*'"
                        ) }}
                        then 'numbers'
                end as form
            from named

        ),

        {# Year, and the other two numbers as they stand. #}
        placed as (

            select
                *,
                form = 'compact'
                or form in ('named', 'numbers')
                and (
                    length({{ item_of('numbers', 1) }}) = 4
                    or cast({{ item_of('numbers', 1) }} as integer) > 31
                ) as is_year_first,
                case form
                    when 'compact'
                        then {{ list_of([
                            'substr(bare_date, 1, 4)',
                            'substr(bare_date, 5, 2)',
                            'substr(bare_date, 7, 2)',
                        ]) }}
                    when 'compact_last'
                        then {{ list_of([
                            'substr(bare_date, 1, 2)',
                            'substr(bare_date, 3, 2)',
                            'substr(bare_date, 5, 4)',
                        ]) }}
                    when 'named'
                        then {{ list_of([
                            item_of('numbers', 1),
                            'cast(month_number as string)',
                            item_of('numbers', 2),
                        ]) }}
                    when 'numbers' then numbers
                end as three
            from shaped

        ),

        parts as (

            select
                *,
                {{ item_of('three', 1) }} as first_part,
                {{ item_of('three', 2) }} as second_part,
                {{ item_of('three', 3) }} as third_part
            from placed

        ),

        ordered as (

            select
                *,
                case when is_year_first then first_part else third_part end as year_text,
                case
                    when is_year_first then third_part
                    when form = 'named' or bare_date like '%.%' or not is_month_first then first_part
                    else second_part
                end as day_text,
                case
                    when is_year_first or form = 'named' then second_part
                    when bare_date like '%.%' or not is_month_first then second_part
                    else first_part
                end as month_text,
                not is_year_first and form <> 'named' and not bare_date like '%.%' as is_orderless
            from parts

        ),

        {# Of two digits, the latest year that is not to come. #}
        dated as (

            select
                *,
                case length(year_text)
                    when 4 then year_text
                    when 2
                        then cast(
                            cast(year_text as integer)
                            + 100 * cast(
                                floor((year(as_of) - cast(year_text as integer)) / 100) as integer
                            )
                            as string
                        )
                end as year_number
            from ordered

        ),

        parsed as (

            select
                {{ all_but([
                    'bare_date', 'month_number', 'numbers', 'form', 'is_year_first', 'three',
                    'first_part', 'second_part', 'third_part', 'year_text', 'day_text',
                    'month_text', 'is_orderless', 'year_number',
                ]) }},
                case
                    when form = 'serial'
                        then cast('1899-12-30' as date)
                            + cast(split_part(bare_date, '.', 1) as integer)
                    else {{ day_of.replace('MONTH', 'month_text').replace('DAY', 'day_text') }}
                end as likely_date,
                case
                    when is_orderless
                        then {{ day_of.replace('MONTH', 'day_text').replace('DAY', 'month_text') }}
                end as other_date,
                coalesce(length(year_text) = 2, false) as is_century_open,
                coalesce(form = 'serial', false) as is_serial
            from dated

        ),

        judged as (

            select
                {{ all_but(['likely_date', 'other_date']) }},
                coalesce(likely_date, other_date) as read_date,
                coalesce(likely_date <> other_date, false) as is_order_open
            from parsed

        )

        select
            {{ all_but(['read_date']) }},
            case
                when is_century_open and read_date > as_of
                    then cast(read_date - interval 100 year as date)
                else read_date
            end as parsed_date
        from judged
    )
{%- endmacro %}
