{#
    Expectation and maximisation: how pairs of the same record holder, of two unrelated ones and of two
    related ones (a household, a group of companies) mix, such that the patterns seen are likeliest.
    The shares among the same are learnt, drawn to those of the seed by as many pairs as
    `pseudo_pairs` says; and how much more often strangers share both names than names drawn one by one
    would. Sums are of whole numbers, so that their order changes nothing.
#}

{% macro estimated_shares(patterns, weights, expected, strangers) -%}
    {{ return(adapter.dispatch('estimated_shares')(patterns, weights, expected, strangers)) }}
{%- endmacro %}

{% macro default__estimated_shares(patterns, weights, expected, strangers) -%}
    {%- set pseudo_pairs = var('identity').pseudo_pairs -%}
    (
        with recursive

        letters as (

            select
                patterns.entity,
                patterns.pattern_number,
                weights.attribute,
                weights.level,
                weights.among_others,
                weights.among_related,
                weights.by_frequency,
                -- What an attribute is says nothing of itself: only of pairs that others support.
                sum(cast(weights.is_support as integer)) over (
                    partition by patterns.pattern_number
                ) > cast(weights.is_support as integer) as is_supported
            from {{ patterns }} as patterns
            inner join {{ weights }} as weights
                on
                    patterns.entity = weights.entity
                    and substr(patterns.pattern, weights.position, 1) = weights.code

        ),

        constants as (

            select
                patterns.entity,
                patterns.pattern_number,
                patterns.pair_count,
                patterns.in_common,
                patterns.is_supported,
                power(
                    2,
                    patterns.log_others
                    + case
                        when patterns.is_supported then 0 else {{ var('identity').name_alone_bits }}
                    end
                )
                * exp(cast(sum(
                    cast(
                        round(
                            case when letters.by_frequency then 0 else 1e9 * ln(letters.among_others) end
                        ) as bigint
                    )
                ) as double) / 1e9) as among_others,
                power(2, patterns.log_related)
                * exp(cast(sum(cast(round(1e9 * ln(letters.among_related)) as bigint)) as double) / 1e9)
                    as among_related
            from {{ patterns }} as patterns
            inner join letters
                on patterns.pattern_number = letters.pattern_number
            group by
                patterns.entity,
                patterns.pattern_number,
                patterns.pair_count,
                patterns.in_common,
                patterns.is_supported,
                patterns.log_others,
                patterns.log_related

        ),

        shares as (

            select
                0 as round_number,
                entity,
                attribute,
                level,
                cast(among_same as double) as share,
                cast(among_same as double) as first_share,
                highest,
                is_fixed
            from {{ weights }}

            union all

            select
                0,
                entity,
                '*',
                'same',
                0.5,
                0.5,
                null,
                false
            from {{ expected }}

            union all

            select
                0,
                entity,
                '*',
                'related',
                1.0,
                1.0,
                null,
                false
            from {{ expected }}

            union all

            select
                0,
                entity,
                '*',
                in_common,
                1.0,
                1.0,
                null,
                false
            from {{ strangers }}

            union all

            (
                with

                whole as (

                    select
                        entity,
                        max(case when level = 'same' then share end) as same,
                        max(case when level = 'related' then share end) as related
                    from shares
                    where attribute = '*'
                    group by entity

                ),

                products as (

                    select
                        letters.pattern_number,
                        exp(
                            cast(sum(cast(round(1e9 * ln(shares.share)) as bigint)) as double) / 1e9
                        ) as among_same
                    from letters
                    inner join shares
                        on
                            letters.entity = shares.entity
                            and letters.attribute = shares.attribute
                            and letters.level = shares.level
                    group by letters.pattern_number

                ),

                expectations as (

                    select
                        constants.entity,
                        constants.pattern_number,
                        constants.in_common,
                        constants.is_supported,
                        whole.same * products.among_same as same,
                        whole.related * constants.among_related as related,
                        coalesce(repeats.share, 1) * constants.among_others as others,
                        constants.pair_count
                    from constants
                    inner join products
                        on constants.pattern_number = products.pattern_number
                    inner join whole
                        on constants.entity = whole.entity
                    left join shares as repeats
                        on
                            constants.entity = repeats.entity
                            and repeats.attribute = '*'
                            and constants.in_common = repeats.level

                ),

                pairs_same as (

                    select
                        entity,
                        pattern_number,
                        in_common,
                        is_supported,
                        cast(round(1e6 * pair_count * same / (same + related + others)) as bigint)
                            as same,
                        cast(round(1e6 * pair_count * related / (same + related + others)) as bigint)
                            as related,
                        cast(round(1e6 * pair_count * others / (same + related + others)) as bigint)
                            as others
                    from expectations

                ),

                pairs_at_level as (

                    select
                        letters.entity,
                        letters.attribute,
                        letters.level,
                        cast(sum(pairs_same.same) as bigint) as pairs
                    from letters
                    inner join pairs_same
                        on letters.pattern_number = pairs_same.pattern_number
                    where letters.is_supported
                    group by letters.entity, letters.attribute, letters.level

                ),

                blended as (

                    select
                        shares.round_number + 1 as round_number,
                        shares.entity,
                        shares.attribute,
                        shares.level,
                        case
                            when shares.is_fixed then shares.share
                            else
                                (
                                    coalesce(pairs_at_level.pairs, 0)
                                    + 1e6 * {{ pseudo_pairs }} * shares.first_share
                                )
                                / (
                                    cast(
                                        sum(coalesce(pairs_at_level.pairs, 0)) over (
                                            partition by shares.entity, shares.attribute
                                        ) as double
                                    )
                                    + 1e6 * {{ pseudo_pairs }}
                                )
                        end as share,
                        shares.first_share,
                        shares.highest,
                        shares.is_fixed
                    from shares
                    left join pairs_at_level
                        on
                            shares.entity = pairs_at_level.entity
                            and shares.attribute = pairs_at_level.attribute
                            and shares.level = pairs_at_level.level
                    where
                        shares.attribute <> '*'
                        and shares.round_number < {{ var('identity').estimation_rounds }}

                ),

                excesses as (

                    select
                        *,
                        max(case when share > highest then share end) over (
                            partition by entity, attribute
                        ) as excess
                    from blended

                ),

                totals as (

                    select
                        expected.entity,
                        expected.record_count,
                        expected.related_count,
                        coalesce(cast(sum(pairs_same.same) as double), 0) / 1e6 as same,
                        coalesce(cast(sum(pairs_same.related) as double), 0) / 1e6 as related
                    from {{ expected }} as expected
                    left join pairs_same
                        on
                            expected.entity = pairs_same.entity
                            and pairs_same.is_supported
                    group by expected.entity, expected.record_count, expected.related_count

                ),

                strangers_seen as (

                    select
                        strangers.entity,
                        strangers.in_common,
                        strangers.pairs,
                        cast(sum(pairs_same.others) as double) / 1e6 as seen
                    from {{ strangers }} as strangers
                    inner join pairs_same
                        on
                            strangers.entity = pairs_same.entity
                            and strangers.in_common = pairs_same.in_common
                    group by strangers.entity, strangers.in_common, strangers.pairs

                )

                select
                    round_number,
                    entity,
                    attribute,
                    level,
                    case
                        when excess is null or is_fixed then share
                        when share > highest then highest
                        else
                            share
                            * (1 - max(highest) over (partition by entity, attribute))
                            / (1 - excess)
                    end as share,
                    first_share,
                    highest,
                    is_fixed
                from excesses

                union all

                select
                    shares.round_number + 1,
                    shares.entity,
                    shares.attribute,
                    shares.level,
                    case shares.level
                        when 'same'
                            then least(greatest(2 * totals.same / totals.record_count, 0.1), 50)
                        else
                            least(
                                (2 * totals.related + {{ pseudo_pairs }})
                                / (cast(totals.related_count as double) + {{ pseudo_pairs }}),
                                1
                            )
                    end,
                    shares.first_share,
                    shares.highest,
                    shares.is_fixed
                from shares
                inner join totals
                    on shares.entity = totals.entity
                where
                    shares.attribute = '*'
                    and shares.level in ('same', 'related')
                    and shares.round_number < {{ var('identity').estimation_rounds }}

                union all

                select
                    shares.round_number + 1,
                    shares.entity,
                    shares.attribute,
                    shares.level,
                    greatest(
                        (coalesce(strangers_seen.seen, 0) + {{ pseudo_pairs }})
                        / (strangers.pairs + {{ pseudo_pairs }}),
                        1
                    ),
                    shares.first_share,
                    shares.highest,
                    shares.is_fixed
                from shares
                inner join {{ strangers }} as strangers
                    on
                        shares.entity = strangers.entity
                        and shares.level = strangers.in_common
                left join strangers_seen
                    on
                        shares.entity = strangers_seen.entity
                        and shares.level = strangers_seen.in_common
                where
                    shares.attribute = '*'
                    and shares.round_number < {{ var('identity').estimation_rounds }}
            )

        )

        select
            entity,
            attribute,
            level,
            share
        from shares
        where round_number = {{ var('identity').estimation_rounds }}
    )
{%- endmacro %}

{% macro spark__estimated_shares(patterns, weights, expected, strangers) -%}
    {#-
        As above. Spark's recursion knows no groups; there are few patterns, so all of an entity is one
        row: its patterns and shares as lists, which refer to each other by place, folded round by round.
    -#}
    {%- set pseudo_pairs = var('identity').pseudo_pairs -%}
    (
        with

        levels as (

            select
                *,
                cast(
                    row_number() over (partition by entity order by attribute, level) - 1 as int
                ) as place
            from {{ weights }}

        ),

        kinds as (

            select
                *,
                cast(row_number() over (partition by entity order by in_common) - 1 as int) as place
            from {{ strangers }}

        ),

        letters as (

            select
                patterns.entity,
                patterns.pattern_number,
                levels.place,
                levels.among_others,
                levels.among_related,
                levels.by_frequency,
                -- What an attribute is says nothing of itself: only of pairs that others support.
                sum(cast(levels.is_support as int)) over (
                    partition by patterns.pattern_number
                ) > cast(levels.is_support as int) as is_supported
            from {{ patterns }} as patterns
            inner join levels
                on
                    patterns.entity = levels.entity
                    and substr(patterns.pattern, levels.position, 1) = levels.code

        ),

        constants as (

            select
                patterns.entity,
                patterns.pattern_number,
                patterns.pair_count,
                patterns.is_supported,
                max(kinds.place) as kind,
                collect_list(letters.place) as letters,
                power(
                    2,
                    patterns.log_others
                    + case
                        when patterns.is_supported then 0 else {{ var('identity').name_alone_bits }}
                    end
                )
                * exp(cast(sum(
                    cast(
                        round(
                            case when letters.by_frequency then 0 else 1e9 * ln(letters.among_others) end
                        ) as bigint
                    )
                ) as double) / 1e9) as among_others,
                power(2, patterns.log_related)
                * exp(cast(sum(cast(round(1e9 * ln(letters.among_related)) as bigint)) as double) / 1e9)
                    as among_related
            from {{ patterns }} as patterns
            inner join letters
                on patterns.pattern_number = letters.pattern_number
            left join kinds
                on
                    patterns.entity = kinds.entity
                    and patterns.in_common = kinds.in_common
            group by
                patterns.entity,
                patterns.pattern_number,
                patterns.pair_count,
                patterns.in_common,
                patterns.is_supported,
                patterns.log_others,
                patterns.log_related

        ),

        placed as (

            select
                *,
                cast(
                    row_number() over (partition by entity order by pattern_number) - 1 as int
                ) as place
            from constants

        ),

        pattern_lists as (

            select
                entity,
                array_sort(collect_list(struct(
                    place,
                    cast(pair_count as double) as pair_count,
                    is_supported,
                    kind,
                    letters,
                    among_others,
                    among_related
                ))) as patterns
            from placed
            group by entity

        ),

        at_levels as (

            select
                letters.entity,
                letters.place,
                collect_list(placed.place) as patterns
            from letters
            inner join placed
                on letters.pattern_number = placed.pattern_number
            where letters.is_supported
            group by letters.entity, letters.place

        ),

        siblings as (

            select
                entity,
                attribute,
                collect_list(place) as places,
                max(highest) as highest
            from levels
            group by entity, attribute

        ),

        level_lists as (

            select
                levels.entity,
                array_sort(collect_list(struct(
                    levels.place,
                    levels.attribute,
                    levels.level,
                    cast(levels.among_same as double) as first_share,
                    cast(levels.highest as double) as highest,
                    cast(siblings.highest as double) as highest_of_all,
                    levels.is_fixed,
                    siblings.places as siblings,
                    coalesce(at_levels.patterns, array()) as patterns
                ))) as levels
            from levels
            inner join siblings
                on
                    levels.entity = siblings.entity
                    and levels.attribute = siblings.attribute
            left join at_levels
                on
                    levels.entity = at_levels.entity
                    and levels.place = at_levels.place
            group by levels.entity

        ),

        kind_lists as (

            select
                entity,
                array_sort(collect_list(struct(place, in_common, cast(pairs as double) as pairs)))
                    as kinds
            from kinds
            group by entity

        ),

        entities as (

            select
                expected.entity,
                cast(expected.record_count as double) as record_count,
                cast(expected.related_count as double) as related_count,
                level_lists.levels,
                coalesce(pattern_lists.patterns, array()) as patterns,
                coalesce(kind_lists.kinds, array()) as kinds
            from {{ expected }} as expected
            inner join level_lists
                on expected.entity = level_lists.entity
            left join pattern_lists
                on expected.entity = pattern_lists.entity
            left join kind_lists
                on expected.entity = kind_lists.entity

        ),

        -- A list of one, so that what is worked out once has a name.
        estimated as (

            select
                entity,
                levels,
                kinds,
                aggregate(
                    sequence(1, {{ var('identity').estimation_rounds }}),
                    struct(
                        transform(levels, level -> level.first_share) as shares,
                        cast(0.5 as double) as same,
                        cast(1 as double) as related,
                        transform(kinds, kind -> cast(1 as double)) as repeats
                    ),
                    (state, round) -> transform(
                        array(transform(
                            transform(
                                patterns,
                                pattern -> struct(
                                    pattern.pair_count as pair_count,
                                    state.same * exp(
                                        cast(
                                            aggregate(
                                                pattern.letters,
                                                cast(0 as bigint),
                                                (total, place) ->
                                                    total
                                                    + cast(
                                                        round(1e9 * ln(state.shares[place])) as bigint
                                                    )
                                            ) as double
                                        ) / 1e9
                                    ) as same,
                                    state.related * pattern.among_related as related,
                                    coalesce(state.repeats[pattern.kind], 1) * pattern.among_others
                                        as others
                                )
                            ),
                            odds -> struct(
                                cast(round(
                                    1e6 * odds.pair_count * odds.same
                                    / (odds.same + odds.related + odds.others)
                                ) as bigint) as same,
                                cast(round(
                                    1e6 * odds.pair_count * odds.related
                                    / (odds.same + odds.related + odds.others)
                                ) as bigint) as related,
                                cast(round(
                                    1e6 * odds.pair_count * odds.others
                                    / (odds.same + odds.related + odds.others)
                                ) as bigint) as others
                            )
                        )),
                        pairs -> struct(
                            transform(
                                array(transform(
                                    levels,
                                    level -> aggregate(
                                        level.patterns,
                                        cast(0 as bigint),
                                        (total, place) -> total + pairs[place].same
                                    )
                                )),
                                seen -> transform(
                                    array(transform(
                                        levels,
                                        level -> case
                                            when level.is_fixed then state.shares[level.place]
                                            else
                                                (
                                                    seen[level.place]
                                                    + 1e6 * {{ pseudo_pairs }} * level.first_share
                                                )
                                                / (
                                                    cast(
                                                        aggregate(
                                                            level.siblings,
                                                            cast(0 as bigint),
                                                            (total, place) -> total + seen[place]
                                                        ) as double
                                                    )
                                                    + 1e6 * {{ pseudo_pairs }}
                                                )
                                        end
                                    )),
                                    blended -> transform(
                                        transform(
                                            levels,
                                            level -> struct(
                                                level,
                                                array_max(transform(
                                                    level.siblings,
                                                    place -> case
                                                        when blended[place] > levels[place].highest
                                                            then blended[place]
                                                    end
                                                )) as excess
                                            )
                                        ),
                                        held -> case
                                            when held.excess is null or held.level.is_fixed
                                                then blended[held.level.place]
                                            when blended[held.level.place] > held.level.highest
                                                then held.level.highest
                                            else
                                                blended[held.level.place]
                                                * (1 - held.level.highest_of_all)
                                                / (1 - held.excess)
                                        end
                                    )
                                )[0]
                            )[0] as shares,
                            least(
                                greatest(
                                    2
                                    * (
                                        cast(
                                            aggregate(
                                                patterns,
                                                cast(0 as bigint),
                                                (total, pattern) ->
                                                    total
                                                    + if(
                                                        pattern.is_supported,
                                                        pairs[pattern.place].same,
                                                        0
                                                    )
                                            ) as double
                                        ) / 1e6
                                    )
                                    / record_count,
                                    cast(0.1 as double)
                                ),
                                cast(50 as double)
                            ) as same,
                            least(
                                (
                                    2
                                    * (
                                        cast(
                                            aggregate(
                                                patterns,
                                                cast(0 as bigint),
                                                (total, pattern) ->
                                                    total
                                                    + if(
                                                        pattern.is_supported,
                                                        pairs[pattern.place].related,
                                                        0
                                                    )
                                            ) as double
                                        ) / 1e6
                                    )
                                    + {{ pseudo_pairs }}
                                )
                                / (related_count + {{ pseudo_pairs }}),
                                cast(1 as double)
                            ) as related,
                            transform(
                                kinds,
                                kind -> greatest(
                                    (
                                        cast(
                                            aggregate(
                                                patterns,
                                                cast(0 as bigint),
                                                (total, pattern) ->
                                                    total
                                                    + if(
                                                        pattern.kind = kind.place,
                                                        pairs[pattern.place].others,
                                                        0
                                                    )
                                            ) as double
                                        ) / 1e6
                                        + {{ pseudo_pairs }}
                                    )
                                    / (kind.pairs + {{ pseudo_pairs }}),
                                    cast(1 as double)
                                )
                            ) as repeats
                        )
                    )[0]
                ) as state
            from entities

        ),

        told as (

            select
                entity,
                inline(concat(
                    transform(
                        levels,
                        level -> struct(level.attribute, level.level, state.shares[level.place] as share)
                    ),
                    transform(
                        kinds,
                        kind -> struct(
                            '*' as attribute, kind.in_common as level, state.repeats[kind.place] as share
                        )
                    ),
                    array(
                        struct('*' as attribute, 'same' as level, state.same as share),
                        struct('*' as attribute, 'related' as level, state.related as share)
                    )
                ))
            from estimated

        )

        select
            entity,
            attribute,
            level,
            share
        from told
    )
{%- endmacro %}
