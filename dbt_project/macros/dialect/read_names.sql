{#
    Most names are plain words in columns of their own, and pass by. The others become lists of
    words: what is no name is taken off at both ends, and what is left is divided by the columns it
    came in, by a comma, by capitals (DUPONT Jean), or by the order of the words.
#}

{% macro read_names(names, name_words='name_words') -%}
    {{ return(adapter.dispatch('read_names')(names, name_words)) }}
{%- endmacro %}

{% macro default__read_names(names, name_words) -%}
    {%- set key = "trim(trailing '.' from " ~ unaccented('lower(word)') ~ ')' -%}
    {#- How many words a list begins with that are titles; `med.` is one behind `Dr.` -#}
    {%- set is_title -%}
        titles[{{ key }}] is not null
        or place > 1 and {{ matches_whole('word', "'\\p{Ll}{2,5}\\.'") }}
    {%- endset -%}
    {%- set titles_in -%}
        coalesce(
            {{ place_of(each_of('WORDS', 'word', is_title, 'place'), 'false') }} - 1,
            {{ count_of('WORDS') }}
        )
    {%- endset -%}
    {#- How many words a list ends with that pass a test. -#}
    {%- set trailing -%}
        coalesce(
            {{ place_of(each_of(reversed_list('WORDS'), 'word', 'TEST'), 'false') }} - 1,
            {{ count_of('WORDS') }}
        )
    {%- endset -%}
    {%- set suffixes_in = trailing.replace('TEST', 'suffixes[' ~ key ~ '] is not null') -%}
    {%- set particles_in = trailing.replace('TEST', 'particles[' ~ key ~ '] is not null') -%}
    {%- set initials_in = trailing.replace('TEST', matches_whole('word', "'\\pL\\.?'")) -%}
    {%- set has_vowel = matches_pattern(unaccented('NAME'), "'[AEIOUY]'") -%}
    {%- set first_end = count_of('first_words') ~ ' - first_suffixes' -%}
    {%- set last_end = count_of('last_words') ~ ' - last_suffixes' -%}
    (
        with

        vocabulary as (

            select
                map_from_entries(array_agg((word, written_as)) filter (where kind = 'title'))
                    as titles,
                map_from_entries(array_agg((word, written_as)) filter (where kind = 'suffix'))
                    as suffixes,
                map_from_entries(array_agg((word, written_as)) filter (where kind = 'particle'))
                    as particles,
                map_from_entries(array_agg((word, written_as)) filter (where kind = 'couple'))
                    as couples
            from {{ name_words }}

        ),

        {# A script of its own has an order of its own, too. #}
        sorted as (

            select
                *,
                {{ matches_pattern(
                    "concat_ws(' ', full_name, given_name, middle_name, family_name)",
                    "'[^\\p{Latin}\\p{Common}\\p{Inherited}]'"
                ) }}
                or (
                    coalesce(given_name, family_name) is not null
                    and name_suffix is null
                    and coalesce({{ matches_whole('given_name', "'\\p{Lu}\\p{Ll}+'") }}, true)
                    and coalesce({{ matches_whole('middle_name', "'\\p{Lu}(\\p{Ll}+|\\.?)'") }}, true)
                    and coalesce({{ matches_whole('family_name', "'\\p{Lu}\\p{Ll}+'") }}, true)
                    and lower(coalesce(given_name, '')) not in (
                        select title.word
                        from {{ name_words }} as title
                        where title.kind = 'title'
                    )
                ) as is_plain
            from {{ names }}

        ),

        {# Nicknames are taken out; Mr.Smith and J.R.Tolkien get their spaces. #}
        spaced as (

            select
                *,
                {{ replace_pattern(
                    'trim(' ~ replace_pattern(
                        'case'
                        ~ ' when given_name is null and family_name is null then full_name'
                        ~ " when family_name is null and given_name like '%,%' then given_name"
                        ~ " when given_name is null and family_name like '%,%' then family_name"
                        ~ ' end',
                        "' *(([\"“”„][^\"“”„]*[\"“”]|\\([^()]*\\)| ''[^'']+''( |$)) *)+'",
                        "' '"
                    ) ~ ')',
                    "'(^\\pL{2,4}|\\b\\p{Lu})\\.(\\p{Lu}\\p{Ll}+)'",
                    "'\\1. \\2'"
                ) }} as whole_name
            from sorted
            where not is_plain

        ),

        split as (

            select
                spaced.*,
                vocabulary.*,
                {{ those_of(
                    each_of(
                        "split(coalesce(spaced.whole_name, spaced.family_name), ',')",
                        'piece',
                        "split(trim(piece), ' ')"
                    ),
                    'words',
                    'words <> ' ~ list_of(["''"])
                ) }} as pieces
            from spaced
            cross join vocabulary

        ),

        {# Behind a comma stand suffixes or the given names. #}
        sided as (

            select
                *,
                flatten({{ those_of(
                    items_of('pieces', 2),
                    'words',
                    suffixes_in.replace('WORDS', 'words') ~ ' = ' ~ count_of('words')
                ) }}) as suffix_words,
                {{ those_of(
                    items_of('pieces', 2),
                    'words',
                    suffixes_in.replace('WORDS', 'words') ~ ' < ' ~ count_of('words')
                ) }} as given_pieces
            from split

        ),

        {# Two people, or commas too many, leave it open what is whose. #}
        ordered as (

            select
                *,
                case
                    when
                        whole_name is null
                        or (family_name is not null and {{ count_of('given_pieces') }} = 0)
                        then 'by_column'
                    when
                        {{ count_of('given_pieces') }} > 1
                        or whole_name like '%/%'
                        or {{ count_of(those_of(
                            items_of(item_of('pieces', 1), 2, -2),
                            'word',
                            'couples[' ~ key ~ '] is not null'
                        )) }} > 0
                        then 'open'
                    when {{ count_of('given_pieces') }} = 1 then 'family_first'
                    else 'given_first'
                end as word_order
            from sided

        ),

        worded as (

            select
                *,
                case word_order
                    when 'by_column' then split(given_name, ' ')
                    when 'family_first' then {{ item_of('given_pieces', 1) }}
                    when 'given_first' then {{ item_of('pieces', 1) }}
                end as first_words,
                case word_order
                    when 'by_column'
                        then flatten({{ lists_after([items_of('pieces', 1, 1), 'given_pieces']) }})
                    when 'family_first' then {{ item_of('pieces', 1) }}
                end as last_words
            from ordered

        ),

        {# Of a family name one word is left, whatever it looks like. #}
        counted as (

            select
                *,
                {{ titles_in.replace('WORDS', 'first_words') }} as first_titles,
                {{ titles_in.replace('WORDS', items_of('last_words', 1, -2)) }} as last_titles,
                {{ suffixes_in.replace('WORDS', items_of('first_words', 2)) }} as first_suffixes
            from worded

        ),

        ended as (

            select
                *,
                {{ suffixes_in.replace('WORDS', items_of('last_words', 'last_titles + 2')) }}
                    as last_suffixes
            from counted

        ),

        stripped as (

            select
                *,
                {{ items_of('first_words', 'first_titles + 1', first_end) }} as first_names,
                {{ items_of('last_words', 'last_titles + 1', last_end) }} as last_names,
                {{ each_of(
                    lists_after([
                        items_of('first_words', 1, 'first_titles'),
                        items_of('last_words', 1, 'last_titles'),
                    ]),
                    'word',
                    'coalesce(titles[' ~ key ~ '], word)'
                ) }} as title_words,
                {{ each_of(
                    lists_after([
                        "split(replace(name_suffix, ',', ''), ' ')",
                        items_of('first_words', first_end ~ ' + 1'),
                        items_of('last_words', last_end ~ ' + 1'),
                        'suffix_words',
                    ]),
                    'word',
                    'coalesce(suffixes[' ~ key ~ '], word)'
                ) }} as all_suffixes
            from ended

        ),

        {#
            Where given names stand first, the last word is the family's, with the particles before
            it; of Ortega y Gasset three are. One word alone is a family's only behind a title.
        #}
        bounded as (

            select
                *,
                case
                    when word_order <> 'given_first' then {{ count_of('first_names') }}
                    when {{ count_of('first_names') }} = 1 then 0
                    when
                        {{ matches_whole(item_of('first_names', 1), "'[\\p{Lu}''’-]{3,}'") }}
                        and {{ has_vowel.replace('NAME', item_of('first_names', 1)) }}
                        and {{ item_of('first_names', -1) }} <> upper({{ item_of('first_names', -1) }})
                        then -1
                    else
                        {{ count_of('first_names') }} - 1
                        - {{ particles_in.replace('WORDS', items_of('first_names', 2, -2)) }}
                        - case
                            when
                                {{ count_of('first_names') }} > 3
                                and lower({{ item_of('first_names', -2) }}) = 'y'
                                then 1
                            else 0
                        end
                end as given_count
            from stripped

        ),

        divided as (

            select
                *,
                case
                    when given_count = -1 then {{ items_of('first_names', 2) }}
                    else {{ items_of('first_names', 1, 'given_count') }}
                end as given_names,
                case
                    when word_order <> 'given_first' then last_names
                    when given_count = -1 then {{ items_of('first_names', 1, 1) }}
                    when {{ count_of('first_names') }} = 1 and first_titles = 0
                        then {{ items_of('first_names', 2) }}
                    else {{ items_of('first_names', 'given_count + 1') }}
                end as family_names
            from bounded

        ),

        {# A column for given names has all of them in it, and perhaps an initial of the middle one. #}
        centred as (

            select
                *,
                case
                    when word_order <> 'by_column' then least({{ count_of('given_names') }}, 1)
                    when middle_name is null
                        then greatest(
                            {{ count_of('given_names') }}
                            - {{ initials_in.replace('WORDS', 'given_names') }},
                            least({{ count_of('given_names') }}, 1)
                        )
                    else {{ count_of('given_names') }}
                end as first_count
            from divided

        ),

        joined as (

            select
                {{ all_but([
                    'whole_name', 'titles', 'suffixes', 'couples', 'pieces', 'suffix_words',
                    'given_pieces', 'word_order', 'first_words', 'last_words', 'first_titles',
                    'last_titles', 'first_suffixes', 'last_suffixes', 'first_names', 'last_names',
                    'title_words', 'all_suffixes', 'given_count', 'given_names', 'family_names',
                    'first_count',
                ]) }},
                nullif({{ join_list('title_words', "' '") }}, '') as title,
                nullif({{ join_list(items_of('given_names', 1, 'first_count'), "' '") }}, '') as given,
                nullif(
                    concat_ws(
                        ' ',
                        middle_name,
                        nullif(
                            {{ join_list(items_of('given_names', 'first_count + 1'), "' '") }}, ''
                        )
                    ),
                    ''
                ) as middle,
                nullif({{ join_list('family_names', "' '") }}, '') as family,
                nullif({{ join_list(without_repeats('all_suffixes'), "' '") }}, '') as suffix
            from centred

        ),

        shouted as (

            select
                *,
                coalesce(length(family) > 2 and family = upper(family), false) as is_shouted
            from joined

        ),

        {# JP is no name in capitals, nor is ED where the family name is not; NG is no initials. #}
        mended as (

            select
                {{ all_but(['particles', 'is_shouted', 'given', 'middle', 'family', 'suffix']) }},
                {% for part in ['given', 'middle', 'family'] -%}
                case
                    when
                        {{ part }} = lower({{ part }})
                        or (
                            {{ part }} = upper({{ part }})
                            {% if part != 'family' -%}
                            and (is_shouted or length({{ part }}) > 2)
                            and {{ has_vowel.replace('NAME', part) }}
                            {% endif -%}
                        )
                        then {{ capitalized(part, 'particles') }}
                    else {{ part }}
                end as {{ part }},
                {% endfor -%}
                suffix
            from shouted

        ),

        finished as (

            select * from mended

            union all

            select
                *,
                cast(null as string) as title,
                given_name as given,
                middle_name as middle,
                family_name as family,
                name_suffix as suffix
            from sorted
            where is_plain

        )

        select {{ all_but(['is_plain']) }} from finished
    )
{%- endmacro %}
