with

pairs as (

    select * from {{ ref('int_pairs__compared') }}

),

records as (

    select * from {{ ref('int_records__compared') }}

),

match_weights as (

    select * from {{ ref('match_weights') }}

),

expected as (

    select
        entity,
        count(*) as record_count,
        sum(
            coalesce(
                greatest(
                    case
                        when address_key is not null
                            then {{ people_sharing('address_people', 'address') }}
                    end,
                    case
                        when phone is not null
                            then {{ people_sharing('phone_people', 'phone') }}
                    end,
                    case
                        when email is not null
                            then {{ people_sharing('email_people', 'email') }}
                    end
                ),
                {{ var('identity').related_people.any }}
            )
        ) as related_count
    from records
    group by entity

),

patterns as (

    select
        entity,
        pattern,
        round(log_others) as log_others,
        round(log_related, 1) as log_related,
        count(*) as pair_count,
        row_number() over (order by entity, pattern, round(log_others), round(log_related, 1))
            as pattern_number
    from pairs
    where pattern not like '%b%'
    group by entity, pattern, round(log_others), round(log_related, 1)

),

-- Of names alone nothing is learnt: how often they repeat among strangers is only guessed.
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

supported as (

    select patterns.*
    from patterns
    inner join telling
        on
            patterns.entity = telling.entity
            and patterns.pattern = telling.pattern

),

estimated as (

    select * from {{ estimated_shares('supported', 'match_weights', 'expected') }}

)

select * from estimated
