with

survived as (

    select * from {{ ref('int_attributes__survived') }}

),

attributes as (

    select
        ---------- ids
        golden_id as account_id,
        attribute,
        record_key,
        source,
        record_id,

        ---------- text
        attribute_group,
        value,
        strategy,
        reason,
        losers,

        ---------- numbers
        candidate_count,
        distinct_value_count,
        loser_count,

        ---------- times
        won_at
    from survived
    where entity = 'organization'

)

select * from attributes
