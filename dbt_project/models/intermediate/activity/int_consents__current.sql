with

consents as (

    select * from {{ ref('int_consents__recorded') }}

),

delivered as (

    select * from {{ ref('int_consents__unioned') }}

),

identified as (

    select * from {{ ref('int_records__identified') }}
    where entity = 'person'

),

consent_policies as (

    select * from {{ ref('consent_policies') }}

),

processing_purposes as (

    select * from {{ ref('processing_purposes') }}

),

contact_channels as (

    select * from {{ ref('contact_channels') }}

),

dated as (

    select
        consents.consent_key,
        consents.source,
        consents.consent_id,
        consents.revision,
        consents.customer_record_key,
        identified.golden_id as customer_id,
        consents.purpose,
        consents.channel,
        consents.status,
        consents.evidence,
        consent_policies.rank,
        consent_policies.is_refusal,
        consent_policies.is_refusal or consent_policies.may_contact as is_decision,
        delivered.consent_id is not null as is_delivered,
        consents.loaded_at,
        {{ plausible_time('consents.recorded_at', 'consents.loaded_at') }} as recorded_at
    from consents
    inner join identified
        on consents.customer_record_key = identified.record_key
    inner join consent_policies
        on consents.status = consent_policies.status
    left join delivered
        on
            consents.source = delivered.source
            and consents.consent_id = delivered.consent_id

),

-- A no that was delivered has been said, whatever the clock of its source shows.
effective as (

    select
        *,
        case when is_refusal then least(recorded_at, loaded_at) else recorded_at end
            as effective_at
    from dated

),

in_force as (

    select
        *,
        max(revision) over (partition by source, consent_id) as last_revision,
        max(case when is_decision then revision end) over (partition by source, consent_id)
            as last_decision
    from effective
    where effective_at <= {{ judged_at() }} or effective_at is null

),

-- What a source says last of a decision. A no stands until a yes takes its place: not when it is
-- deleted, nor while a new yes is pending.
last_said as (

    select * from in_force
    where
        (revision = last_revision and is_delivered)
        or (revision = last_decision and is_refusal)

),

ranked as (

    select
        *,
        row_number() over (
            partition by customer_record_key, purpose, channel
            order by effective_at desc nulls last, rank asc, consent_key desc
        ) as recency_rank,
        row_number() over (
            partition by customer_record_key, purpose, channel, is_decision
            order by effective_at desc nulls last, rank asc, consent_key desc
        ) as decision_rank
    from last_said

),

standing as (

    select * from ranked
    where recency_rank = 1 or (is_refusal and decision_rank = 1)

),

scopes as (

    select
        coalesce(processing_purposes.consent_purpose, processing_purposes.purpose) as purpose,
        contact_channels.channel
    from processing_purposes
    cross join contact_channels
    where processing_purposes.pii = 'contact'

    union

    select
        purpose,
        channel
    from standing
    where purpose <> 'any'

),

applied as (

    select
        standing.customer_id,
        scopes.purpose,
        scopes.channel,
        standing.status,
        standing.source,
        standing.evidence,
        standing.effective_at,
        row_number() over (
            partition by standing.customer_id, scopes.purpose, scopes.channel
            order by
                standing.rank asc,
                standing.effective_at desc nulls last,
                standing.consent_key desc
        ) as policy_rank,
        count(*) over (
            partition by standing.customer_id, scopes.purpose, scopes.channel, standing.status
        ) as evidence_count
    from standing
    inner join scopes
        on
            standing.purpose in (scopes.purpose, 'any')
            and standing.channel in (scopes.channel, 'any')

),

current_state as (

    select
        customer_id,
        purpose,
        channel,
        status,
        source,
        evidence,
        evidence_count,
        effective_at
    from applied
    where policy_rank = 1

)

select * from current_state
