{# What is rare weighs more, relations explain some of it, what is missing is against nobody. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

compared ( -- noqa: ST03
    entity, record_number, other_record_number, pattern, log_others, log_related
) as (

    values
    ('person', 1, 2, 'ee', -10.0, -3.0),
    ('person', 1, 3, 'e-', 0.0, -3.0),
    ('person', 1, 4, 'de', 0.0, -3.0),
    ('person', 1, 5, '-e', -10.0, -3.0)

),

weights ( -- noqa: ST03
    entity,
    position,
    attribute,
    level,
    code,
    among_others,
    among_related,
    by_frequency,
    is_single,
    is_support
) as (

    values
    ('person', 1, 'given_name', 'exact', 'e', 0.0, 0.5, true, true, false),
    ('person', 1, 'given_name', 'different', 'd', 1.0, 1.0, false, true, false),
    ('person', 2, 'email', 'exact', 'e', 0.0, 0.25, true, false, true)

),

shares (entity, attribute, level, share) as ( -- noqa: ST03

    values
    ('person', '*', 'same', 1.0),
    ('person', '*', 'related', 1.0),
    ('person', 'given_name', 'exact', 0.5),
    ('person', 'given_name', 'different', 0.0625),
    ('person', 'email', 'exact', 0.5)

),

bits (other_record_number, bits, contradiction, relation_bits) as (

    values
    (2, -2 - log2(power(2, -10) + power(2, -6)), 0, 4),
    (3, -1 - log2(1 + power(2, -4)) - {{ var('identity').name_alone_bits }}, 0, -4),
    (4, -5 - log2(1 + power(2, -5)), -4, -5),
    (5, -1 - log2(power(2, -10) + power(2, -5)), 0, 5)

),

expected as (

    select
        other_record_number,
        cast(round(1000 * (bits - {{ var('identity').margin_bits }})) as bigint) as weight,
        case
            when bits > 0
                then cast(round(1000 * (bits - {{ var('identity').margin_bits }})) as bigint)
            else
                cast(
                    round(1000 * contradiction * {{ var('identity').contradiction_share }})
                    as bigint
                )
        end as linkage_weight,
        1000 * relation_bits as relation_weight
    from bits

),

actual as (

    select
        other_record_number,
        weight,
        linkage_weight,
        relation_weight
    from {{ weighed_pairs('compared', 'weights', 'shares') }}

),

differences as (

    (
        select * from expected
        except all
        select * from actual
    )

    union all

    (
        select * from actual
        except all
        select * from expected
    )

)

select * from differences
