with

person_records as (

    select * from {{ ref('int_person_records__unioned') }}
    where traits is not null and not is_deleted

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

exploded as (

    select
        record_key,
        source,
        updated_at,
        {{ explode_json_object('traits') }} as entry
    from person_records

),

outer_traits as (

    select
        record_key,
        source,
        updated_at,
        entry['key'] as trait_name,
        nullif(entry['value'], '') as trait_value
    from exploded

),

exploded_again as (

    select
        record_key,
        source,
        updated_at,
        trait_name as outer_name,
        {{ explode_json_object(as_json('trait_value')) }} as entry
    from outer_traits
    where substr(trait_value, 1, 1) = '{'

),

-- Fields one level deep have names of their own; what is deeper stays JSON.
traits as (

    select * from outer_traits
    where substr(trait_value, 1, 1) <> '{'

    union all

    select
        record_key,
        source,
        updated_at,
        outer_name || '.' || entry['key'] as trait_name,
        nullif(entry['value'], '') as trait_value
    from exploded_again

),

ranked as (

    select
        customer_records.customer_id,
        traits.source,
        traits.trait_name,
        traits.trait_value,
        case
            when substr(traits.trait_value, 1, 1) in ('{', '[') then 'json'
            else 'text'
        end as value_type,
        traits.record_key,
        traits.updated_at,
        row_number() over (
            partition by customer_records.customer_id, traits.source, traits.trait_name
            order by traits.updated_at desc nulls last, traits.record_key asc
        ) as recency_rank
    from traits
    inner join customer_records
        on traits.record_key = customer_records.record_key
    where traits.trait_value is not null and traits.trait_value <> 'null'

),

latest as (

    select {{ all_but(['recency_rank']) }}
    from ranked
    where recency_rank = 1

)

select * from latest
