{#
    One row per compared pair with its weight: how many times likelier than not its records are of one,
    in thousandths of a bit; the weight that counts when groups of records are held against each other,
    where what is not known does not count against them; and how many times likelier they are of related
    people than of strangers.
#}

{% macro weighed_pairs(compared, weights, shares) -%}
    (
        with

        patterns as (

            select distinct
                entity,
                pattern
            from {{ compared }}

        ),

        sums as (

            select
                patterns.entity,
                patterns.pattern,
                {{ names_in_common('patterns.pattern') }} as in_common,
                -- In steps of an eighth of a bit: a few records more leave the weights as they are.
                sum(round(8 * log2(shares.share)) / 8) as log_same,
                -- In parts that add up to the same in any order.
                sum(
                    case
                        when weights.by_frequency then 0
                        else round(1024 * log2(weights.among_others)) / 1024
                    end
                ) as log_others,
                sum(round(1024 * log2(weights.among_related)) / 1024) as log_related,
                sum(
                    case
                        when weights.is_single and not weights.by_frequency
                            then least(round(8 * log2(shares.share / weights.among_others)) / 8, 0)
                        else 0
                    end
                ) as log_against,
                bool_or(weights.is_support) as is_supported
            from patterns
            inner join {{ weights }} as weights
                on
                    patterns.entity = weights.entity
                    and substr(patterns.pattern, weights.position, 1) = weights.code
            inner join {{ shares }} as shares
                on
                    weights.entity = shares.entity
                    and weights.attribute = shares.attribute
                    and weights.level = shares.level
            group by patterns.entity, patterns.pattern

        ),

        whole as (

            select
                entity,
                max(case when level = 'same' then round(8 * log2(share)) / 8 end) as log_same,
                max(case when level = 'related' then round(8 * log2(share)) / 8 end) as log_related
            from {{ shares }}
            where attribute = '*'
            group by entity

        ),

        odds as (

            select
                compared.entity,
                compared.record_number,
                compared.other_record_number,
                compared.pattern,
                sums.is_supported,
                sums.log_against,
                whole.log_same + sums.log_same - {{ var('identity').margin_bits }} as log_same,
                whole.log_related + compared.log_related + sums.log_related as log_related,
                round(
                    4 * (
                        compared.log_others + sums.log_others + coalesce(log2(repeats.share), 0)
                    )
                ) / 4 as log_others
            from {{ compared }} as compared
            inner join sums
                on
                    compared.entity = sums.entity
                    and compared.pattern = sums.pattern
            inner join whole
                on compared.entity = whole.entity
            left join {{ shares }} as repeats
                on
                    compared.entity = repeats.entity
                    and repeats.attribute = '*'
                    and sums.in_common = repeats.level

        ),

        weighed as (

            select
                *,
                cast(
                    round(1000 * (log_same - log2(power(2, log_others) + power(2, log_related))))
                    as bigint
                ) as evidence,
                cast(round({{ var('identity').contradiction_share }} * 1000 * log_against) as bigint)
                    as contradiction,
                cast(round(1000 * (log_related - log_others)) as bigint) as relation_weight
            from odds

        )

        select
            entity,
            record_number,
            other_record_number,
            pattern,
            case
                when is_supported then evidence
                else evidence - {{ 1000 * var('identity').name_alone_bits }}
            end as weight,
            case
                when evidence < 0 then greatest(evidence, contradiction)
                when is_supported then evidence
                else greatest(evidence - {{ 1000 * var('identity').name_alone_bits }}, 0)
            end as linkage_weight,
            relation_weight
        from weighed
    )
{%- endmacro %}
