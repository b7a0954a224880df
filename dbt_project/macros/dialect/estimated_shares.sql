{#
    Expectation and maximisation: how pairs of the same record holder, of two unrelated ones and of two
    related ones (a household, a group of companies) mix, such that the patterns seen are likeliest.
    Only the shares among the same are learnt, drawn to those of the seed by as many pairs as
    `pseudo_pairs` says. Sums are of whole numbers, so that their order changes nothing.
#}

{% macro estimated_shares(patterns, weights, expected) -%}
    {{ return(adapter.dispatch('estimated_shares')(patterns, weights, expected)) }}
{%- endmacro %}

{% macro default__estimated_shares(patterns, weights, expected) -%}
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
                weights.by_frequency
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
                power(2, patterns.log_others)
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
                        whole.same * products.among_same as same,
                        whole.related * constants.among_related as related,
                        whole.same * products.among_same
                        + whole.related * constants.among_related
                        + constants.among_others as total,
                        constants.pair_count
                    from constants
                    inner join products
                        on constants.pattern_number = products.pattern_number
                    inner join whole
                        on constants.entity = whole.entity

                ),

                pairs_same as (

                    select
                        entity,
                        pattern_number,
                        cast(round(1e6 * pair_count * same / total) as bigint) as same,
                        cast(round(1e6 * pair_count * related / total) as bigint) as related
                    from expectations

                ),

                pairs_at_level as (

                    select
                        letters.entity,
                        letters.attribute,
                        letters.level,
                        cast(sum(pairs_same.same) as double) / 1e6 as pairs
                    from letters
                    inner join pairs_same
                        on letters.pattern_number = pairs_same.pattern_number
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
                                    + {{ pseudo_pairs }} * shares.first_share
                                )
                                / (
                                    sum(coalesce(pairs_at_level.pairs, 0)) over (
                                        partition by shares.entity, shares.attribute
                                    )
                                    + {{ pseudo_pairs }}
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
                        on expected.entity = pairs_same.entity
                    group by expected.entity, expected.record_count, expected.related_count

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
                            then least(greatest(2 * totals.same / totals.record_count, 0.01), 50)
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
