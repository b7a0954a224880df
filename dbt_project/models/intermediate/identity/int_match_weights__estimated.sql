{#- Strangers of a record's names, in millionths. -#}
{%- set of_a_name -%}
    1e6 * records.population * records.given_name_chance * records.family_name_chance
{%- endset -%}

with

pairs as (

    select * from {{ ref('int_pairs__compared') }}

),

records as (

    select * from {{ ref('int_records__compared') }}

),

identifiers as (

    select * from {{ ref('int_identifiers__counted') }}

),

match_weights as (

    select * from {{ ref('match_weights') }}

),

reached as (

    select
        record_number,
        max(
            case identifier_type
                when 'email' then {{ people_sharing('people', 'email') }}
                else {{ people_sharing('people', 'phone') }}
            end
        ) as related
    from identifiers
    where identifier_type in ('email', 'phone')
    group by record_number

),

expected as (

    select
        records.entity,
        count(*) as record_count,
        -- In whole thousandths: a sum of those is the same in any order.
        sum(
            cast(round(1000 * coalesce(
                greatest(
                    case
                        when records.address_key is not null
                            then {{ people_sharing('records.address_people', 'address') }}
                    end,
                    reached.related
                ),
                {{ var('identity').related_people.any }}
            )) as bigint)
        ) / 1000 as related_count,
        sum(
            cast(round({{ of_a_name }}) as bigint)
        ) / 2e6 as pairs_of_a_name,
        coalesce(sum(
            cast(round(
                {{ of_a_name }} * coalesce(records.city_chance, records.postcode_chance)
            ) as bigint)
        ), 0) / 2e6 as pairs_of_a_name_and_area
    from records
    left join reached
        on records.record_number = reached.record_number
    group by records.entity

),

strangers as (

    select
        entity,
        'names_and_area' as in_common,
        pairs_of_a_name_and_area as pairs
    from expected

    union all

    select
        entity,
        'names' as in_common,
        pairs_of_a_name - pairs_of_a_name_and_area as pairs
    from expected
    where pairs_of_a_name is not null

),

patterns as (

    select
        entity,
        pattern,
        {{ names_in_common('pattern') }} as in_common,
        round(log_others) as log_others,
        round(log_related, 1) as log_related,
        count(*) as pair_count,
        row_number() over (order by entity, pattern, round(log_others), round(log_related, 1))
            as pattern_number
    from pairs
    where pattern not like '%b%'
    group by entity, pattern, round(log_others), round(log_related, 1)

),

-- Of names alone no share is learnt: how often they repeat among strangers is only guessed.
telling as (

    select distinct
        patterns.entity,
        patterns.pattern
    from patterns
    inner join match_weights
        on
            patterns.entity = match_weights.entity
            and substr(patterns.pattern, match_weights.position, 1) = match_weights.code
    where match_weights.is_support

),

marked as (

    select
        patterns.*,
        telling.pattern is not null as is_supported
    from patterns
    left join telling
        on
            patterns.entity = telling.entity
            and patterns.pattern = telling.pattern

),

estimated as (

    select * from {{ estimated_shares('marked', 'match_weights', 'expected', 'strangers') }}

)

select * from estimated
