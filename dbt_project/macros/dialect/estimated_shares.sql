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
