{#
    Most names are plain words in columns of their own, and pass by. The others become lists of
    words: what is no name is taken off at both ends, and what is left is divided by the columns it
    came in, by a comma, by capitals (DUPONT Jean), or by the order of the words.
#}

{% macro read_names(names, name_words='name_words') -%}
    {{ return(adapter.dispatch('read_names')(names, name_words)) }}
{%- endmacro %}

{% macro default__read_names(names, name_words) -%}
    {%- set key = "rtrim(strip_accents(lower(word)), '.')" -%}
    {#- How many words a list begins with that are titles; `med.` is one behind `Dr.` -#}
    {%- set titles_in -%}
        coalesce(
            list_position(
                list_transform(
                    WORDS,
                    lambda word, place:
                        titles[{{ key }}] is not null
                        or place > 1 and regexp_full_match(word, '\p{Ll}{2,5}\.')
                ),
                false
            ) - 1,
            len(WORDS)
        )
    {%- endset -%}
    {#- How many words a list ends with that pass a test. -#}
    {%- set trailing -%}
        coalesce(
            list_position(list_transform(list_reverse(WORDS), lambda word: TEST), false) - 1,
            len(WORDS)
        )
    {%- endset -%}
    {%- set suffixes_in = trailing.replace('TEST', 'suffixes[' ~ key ~ '] is not null') -%}
    {%- set particles_in = trailing.replace('TEST', 'particles[' ~ key ~ '] is not null') -%}
    {%- set initials_in = trailing.replace('TEST', "regexp_full_match(word, '\\pL\\.?')") -%}
    {%- set has_vowel = "regexp_matches(strip_accents(NAME), '[AEIOUY]')" -%}
    (
        with

        vocabulary as (

            select
                map_from_entries(list((word, written_as)) filter (kind = 'title')) as titles,
                map_from_entries(list((word, written_as)) filter (kind = 'suffix')) as suffixes,
                map_from_entries(list((word, written_as)) filter (kind = 'particle'))
                    as particles,
                map_from_entries(list((word, written_as)) filter (kind = 'couple')) as couples
            from {{ name_words }}

        ),

        {# A script of its own has an order of its own, too. #}
        sorted as (

            select
                *,
                regexp_matches(
                    concat_ws(' ', full_name, given_name, middle_name, family_name),
                    '[^\p{Latin}\p{Common}\p{Inherited}]'
                )
                or (
                    coalesce(given_name, family_name) is not null
                    and name_suffix is null
                    and coalesce(regexp_full_match(given_name, '\p{Lu}\p{Ll}+'), true)
                    and coalesce(regexp_full_match(middle_name, '\p{Lu}(\p{Ll}+|\.?)'), true)
                    and coalesce(regexp_full_match(family_name, '\p{Lu}\p{Ll}+'), true)
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
                regexp_replace(
                    trim(regexp_replace(
                        case
                            when given_name is null and family_name is null then full_name
                            when family_name is null and given_name like '%,%' then given_name
                            when given_name is null and family_name like '%,%' then family_name
                        end,
                        ' *((["“”„][^"“”„]*["“”]|\([^()]*\)| ''[^'']+''( |$)) *)+',
                        ' ',
                        'g'
                    )),
                    '(^\pL{2,4}|\b\p{Lu})\.(\p{Lu}\p{Ll}+)',
                    '\1. \2',
                    'g'
                ) as whole_name
            from sorted
            where not is_plain

        ),

        split as (

            select
                spaced.*,
                vocabulary.*,
                list_filter(
                    list_transform(
                        string_split(coalesce(spaced.whole_name, spaced.family_name), ','),
                        lambda piece: string_split(trim(piece), ' ')
                    ),
                    lambda words: words <> ['']
                ) as pieces
            from spaced
            cross join vocabulary

        ),

        {# Behind a comma stand suffixes or the given names. #}
        sided as (

            select
                *,
                flatten(list_filter(
                    pieces[2:],
                    lambda words: {{ suffixes_in.replace('WORDS', 'words') }} = len(words)
                )) as suffix_words,
                list_filter(
                    pieces[2:],
                    lambda words: {{ suffixes_in.replace('WORDS', 'words') }} < len(words)
                ) as given_pieces
            from split

        ),

        {# Two people, or commas too many, leave it open what is whose. #}
        ordered as (

            select
                *,
                case
                    when
                        whole_name is null
                        or (family_name is not null and len(given_pieces) = 0)
                        then 'by_column'
                    when
                        len(given_pieces) > 1
                        or whole_name like '%/%'
                        or len(list_filter(
                            pieces[1][2:-2], lambda word: couples[{{ key }}] is not null
                        )) > 0
                        then 'open'
                    when len(given_pieces) = 1 then 'family_first'
                    else 'given_first'
                end as word_order
            from sided

        ),

        worded as (

            select
                *,
                case word_order
                    when 'by_column' then string_split(given_name, ' ')
                    when 'family_first' then given_pieces[1]
                    when 'given_first' then pieces[1]
                end as first_words,
                case word_order
                    when 'by_column' then flatten(list_concat(pieces[:1], given_pieces))
                    when 'family_first' then pieces[1]
                end as last_words
            from ordered

        ),

        {# Of a family name one word is left, whatever it looks like. #}
        counted as (

            select
                *,
                {{ titles_in.replace('WORDS', 'first_words') }} as first_titles,
                {{ titles_in.replace('WORDS', 'last_words[:-2]') }} as last_titles,
                {{ suffixes_in.replace('WORDS', 'first_words[2:]') }} as first_suffixes,
                {{ suffixes_in.replace('WORDS', 'last_words[last_titles + 2 :]') }}
                    as last_suffixes
            from worded

        ),

        stripped as (

            select
                *,
                first_words[first_titles + 1 : len(first_words) - first_suffixes] as first_names,
                last_words[last_titles + 1 : len(last_words) - last_suffixes] as last_names,
                list_transform(
                    list_concat(first_words[: first_titles], last_words[: last_titles]),
                    lambda word: coalesce(titles[{{ key }}], word)
                ) as title_words,
                list_transform(
                    list_concat(
                        string_split(replace(name_suffix, ',', ''), ' '),
                        first_words[len(first_words) - first_suffixes + 1 :],
                        last_words[len(last_words) - last_suffixes + 1 :],
                        suffix_words
                    ),
                    lambda word: coalesce(suffixes[{{ key }}], word)
                ) as all_suffixes
            from counted

        ),

        {#
            Where given names stand first, the last word is the family's, with the particles before
            it; of Ortega y Gasset three are. One word alone is a family's only behind a title.
        #}
        bounded as (

            select
                *,
                case
                    when word_order <> 'given_first' then len(first_names)
                    when len(first_names) = 1 then 0
                    when
                        regexp_full_match(first_names[1], '[\p{Lu}''’-]{3,}')
                        and {{ has_vowel.replace('NAME', 'first_names[1]') }}
                        and first_names[-1] <> upper(first_names[-1])
                        then -1
                    else
                        len(first_names) - 1
                        - {{ particles_in.replace('WORDS', 'first_names[2:-2]') }}
                        - case
                            when len(first_names) > 3 and lower(first_names[-2]) = 'y' then 1
                            else 0
                        end
                end as given_count
            from stripped

        ),

        divided as (

            select
                *,
                case
                    when given_count = -1 then first_names[2:]
                    else first_names[: given_count]
                end as given_names,
                case
                    when word_order <> 'given_first' then last_names
                    when given_count = -1 then first_names[:1]
                    when len(first_names) = 1 and first_titles = 0 then []
                    else first_names[given_count + 1 :]
                end as family_names
            from bounded

        ),

        {# A column for given names has all of them in it, and perhaps an initial of the middle one. #}
        centred as (

            select
                *,
                case
                    when word_order <> 'by_column' then least(len(given_names), 1)
                    when middle_name is null
                        then greatest(
                            len(given_names) - {{ initials_in.replace('WORDS', 'given_names') }},
                            least(len(given_names), 1)
                        )
                    else len(given_names)
                end as first_count
            from divided

        ),

        joined as (

            select
                * exclude (
                    whole_name, titles, suffixes, couples, pieces, suffix_words, given_pieces,
                    word_order, first_words, last_words, first_titles, last_titles, first_suffixes,
                    last_suffixes, first_names, last_names, title_words, all_suffixes, given_count,
                    given_names, family_names, first_count
                ),
                nullif(array_to_string(title_words, ' '), '') as title,
                nullif(array_to_string(given_names[: first_count], ' '), '') as given,
                nullif(
                    concat_ws(
                        ' ',
                        middle_name,
                        nullif(array_to_string(given_names[first_count + 1 :], ' '), '')
                    ),
                    ''
                ) as middle,
                nullif(array_to_string(family_names, ' '), '') as family,
                nullif(
                    array_to_string(
                        list_filter(
                            all_suffixes,
                            lambda word, place: list_position(all_suffixes, word) = place
                        ),
                        ' '
                    ),
                    ''
                ) as suffix
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
                * exclude (particles, is_shouted, given, middle, family),
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
                end as {{ part }}{{ ',' if not loop.last }}
                {% endfor %}
            from shouted

        ),

        finished as (

            select * from mended

            union all by name

            select
                *,
                null as title,
                given_name as given,
                middle_name as middle,
                family_name as family,
                name_suffix as suffix
            from sorted
            where is_plain

        )

        select * exclude (is_plain) from finished
    )
{%- endmacro %}
