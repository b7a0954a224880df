with

pairs as (

    select * from {{ ref('int_pairs__weighed') }}

),

clustered as (

    select * from {{ ref('int_records__clustered') }}

),

decisions as (

    select * from {{ ref('int_decisions__resolved') }}

),

match_weights as (

    select * from {{ ref('match_weights') }}

),

shared_values as (

    select * from {{ ref('int_shared_values__found') }}

),

identifiers as (

    select * from {{ ref('int_identifiers__normalized') }}

),

positions as (

    select
        entity,
        max(case when attribute = 'email' then position end) as email_position,
        max(case when attribute = 'phone' then position end) as phone_position,
        max(case when attribute = 'identifier' then position end) as identifier_position
    from match_weights
    group by entity

),

apart as (

    select
        pairs.entity,
        here.record_key,
        there.record_key as other_record_key,
        pairs.weight,
        pairs.pattern,
        here.cluster_key,
        there.cluster_key as other_cluster_key,
        decisions.decision,
        substr(pairs.pattern, positions.email_position, 1) as email,
        substr(pairs.pattern, positions.phone_position, 1) as phone,
        substr(pairs.pattern, positions.identifier_position, 1) as identifier
    from pairs
    inner join positions
        on pairs.entity = positions.entity
    inner join clustered as here
        on pairs.record_number = here.record_number
    inner join clustered as there
        on pairs.other_record_number = there.record_number
    left join decisions
        on
            pairs.record_number = decisions.record_number
            and pairs.other_record_number = decisions.other_record_number
    where here.cluster_key <> there.cluster_key

),

refused as (

    select
        entity,
        record_key,
        other_record_key,
        case
            when decision = 'separate' then 'decision'
            when identifier = 'b' then 'over_limit'
            when weight > 0 then 'contradicted_by_group'
            else 'outweighed'
        end as reason,
        case
            when identifier = 'e' then 'identifier'
            when email = 'e' then 'email'
            when phone = 'e' then 'phone'
        end as identifier_type,
        cast(null as bigint) as record_count,
        cast(weight as double) / 1000 as weight
    from apart
    where weight > 0 or 'e' in (email, phone, identifier)

),

-- What too many share is refused before any pair is made of it: one row a record.
blocked as (

    select
        identifiers.entity,
        identifiers.record_key,
        cast(null as string) as other_record_key,
        'shared_by_too_many' as reason,
        identifiers.identifier_type,
        max(shared_values.record_count) as record_count,
        cast(null as double) as weight
    from identifiers
    inner join shared_values
        on
            identifiers.entity = shared_values.entity
            and identifiers.identifier_type = shared_values.identifier_type
            and identifiers.normalized_value = shared_values.normalized_value
    where identifiers.unusable_reason = 'shared'
    group by identifiers.entity, identifiers.record_key, identifiers.identifier_type

),

combined as (

    select * from refused

    union all

    select * from blocked

)

select * from combined
