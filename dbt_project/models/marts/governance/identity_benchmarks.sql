with

identity_limits as (

    select * from {{ ref('identity_limits') }}

),

identified as (

    select * from {{ ref('int_records__identified') }}

),

records as (

    select * from {{ ref('int_records__compared') }}

),

identifiers as (

    select * from {{ ref('int_identifiers__counted') }}

),

assignments as (

    select * from {{ ref('int_record_ids__assigned') }}

),

golden_records as (

    select * from {{ ref('int_golden_records__summarized') }}

),

attributes as (

    select
        identified.entity,
        identified.golden_id,
        count(distinct records.given_name) as given_names,
        count(distinct records.family_name) as family_names,
        count(distinct records.postcode) as postcodes
    from identified
    inner join records
        on
            identified.entity = records.entity
            and identified.record_key = records.record_key
    group by identified.entity, identified.golden_id

),

over_limit as (

    select
        identified.entity,
        identified.golden_id
    from identified
    inner join identifiers
        on
            identified.entity = identifiers.entity
            and identified.record_key = identifiers.record_key
    group by identified.entity, identified.golden_id, identifiers.identifier_type
    having count(distinct identifiers.normalized_value) > max(identifiers.limit_per_customer)

),

alike_apart as (

    select
        records.entity,
        records.given_name,
        records.family_name,
        records.email
    from records
    inner join identified
        on
            records.entity = identified.entity
            and records.record_key = identified.record_key
    where records.email is not null and records.given_name is not null
    group by records.entity, records.given_name, records.family_name, records.email
    having count(distinct identified.golden_id) > 1

),

reassigned as (

    select
        entity,
        cast(count(*) as double) as record_count
    from assignments
    where
        previous_id is not null
        and assigned_at = {{ build_time() }}
    group by entity

),

known as (

    select
        entity,
        count(distinct record_key) as record_count
    from assignments
    where
        assigned_at < {{ build_time() }}
    group by entity

),

observed as (

    select
        entity,
        case entity when 'person' then 'largest_customer' else 'largest_account' end as benchmark,
        cast(max(record_count) as double) as observed
    from golden_records
    group by entity

    union all

    select
        entity,
        'customers_over_3_given_names' as benchmark,
        count(case when given_names > 3 then 1 end) as observed
    from attributes
    group by entity

    union all

    select
        entity,
        'customers_over_3_family_names' as benchmark,
        count(case when family_names > 3 then 1 end) as observed
    from attributes
    group by entity

    union all

    select
        entity,
        'customers_over_5_postcodes' as benchmark,
        count(case when postcodes > 5 then 1 end) as observed
    from attributes
    group by entity

    union all

    select
        entity,
        'customers_over_a_limit' as benchmark,
        count(distinct golden_id) as observed
    from over_limit
    group by entity

    union all

    select
        entity,
        'same_name_and_email_apart' as benchmark,
        count(*) as observed
    from alike_apart
    group by entity

    union all

    select
        known.entity,
        case known.entity
            when 'person' then 'ids_changed_share'
            else 'account_ids_changed_share'
        end as benchmark,
        coalesce(reassigned.record_count, 0) / known.record_count as observed
    from known
    left join reassigned
        on known.entity = reassigned.entity

),

benchmarks as (

    select
        identity_limits.benchmark,
        identity_limits.entity,
        identity_limits.reason,
        coalesce(observed.observed, 0) as observed,
        identity_limits.alert_above,
        coalesce(observed.observed > identity_limits.alert_above, false) as is_alert
    from identity_limits
    left join observed
        on
            identity_limits.entity = observed.entity
            and identity_limits.benchmark = observed.benchmark

)

select * from benchmarks
