{#
    The ledger is what consent is proved by. Whatever a source says now has to be the last thing on
    record of it: were it not, an event would have been lost, or written over.
#}

{{ config(severity='error', meta={'dimension': 'compliance', 'owner': 'legal'}) }}

with

delivered as (

    select * from {{ ref('int_consents__unioned') }}

),

recorded as (

    select
        *,
        row_number() over (
            partition by source, consent_id
            order by revision desc
        ) as recency
    from {{ ref('int_consents__recorded') }}

)

select delivered.consent_key
from delivered
left join recorded
    on
        delivered.source = recorded.source
        and delivered.consent_id = recorded.consent_id
        and recorded.recency = 1
where
    delivered.customer_record_key is distinct from recorded.customer_record_key
    or delivered.purpose is distinct from recorded.purpose
    or delivered.channel is distinct from recorded.channel
    or delivered.status is distinct from recorded.status
    or delivered.evidence is distinct from recorded.evidence
    or (delivered.is_dated and delivered.recorded_at is distinct from recorded.recorded_at)
