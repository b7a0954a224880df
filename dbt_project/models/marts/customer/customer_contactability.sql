with

customers as (

    select * from {{ ref('dim_customers') }}

),

attribute_sources as (

    select * from {{ ref('customer_attribute_sources') }}
    where value is not null

),

address_flags as (

    select * from {{ ref('customer_address_flags') }}

),

consents as (

    select * from {{ ref('int_consents__current') }}

),

suppressions as (

    select * from {{ ref('int_suppressions__current') }}

),

activity as (

    select * from {{ ref('retention_records') }}

),

processing_purposes as (

    select * from {{ ref('processing_purposes') }}

),

retention as (

    select * from {{ ref('retention') }}

),

legal_bases as (

    select * from {{ ref('legal_bases') }}

),

contact_channels as (

    select * from {{ ref('contact_channels') }}

),

consent_policies as (

    select * from {{ ref('consent_policies') }}

),

contact_refusals as (

    select * from {{ ref('contact_refusals') }}

),

-- Whoever processes how to reach people does so to reach them.
purposes as (

    select
        processing_purposes.purpose,
        processing_purposes.legal_basis,
        coalesce(processing_purposes.consent_purpose, processing_purposes.purpose)
            as consent_purpose,
        -- Of a basis that nobody has described, the strictest is taken.
        coalesce(legal_bases.needs_consent, true) as needs_consent,
        coalesce(legal_bases.may_be_refused, true) as may_be_refused,
        retention.keep_days
    from processing_purposes
    left join legal_bases
        on processing_purposes.legal_basis = legal_bases.legal_basis
    left join retention
        on
            processing_purposes.purpose = retention.purpose
            and processing_purposes.pii = retention.pii
    where processing_purposes.pii = 'contact'

),

channels as (

    select
        channel,
        count(*) as attribute_count
    from contact_channels
    group by channel

),

addresses as (

    select
        attribute_sources.customer_id,
        contact_channels.channel,
        count(*) as attribute_count,
        max(case when contact_channels.reaches_all then attribute_sources.value end)
            as shared_address
    from attribute_sources
    inner join contact_channels
        on attribute_sources.attribute = contact_channels.attribute
    group by attribute_sources.customer_id, contact_channels.channel

),

suppressed as (

    select distinct
        suppressions.customer_id,
        purposes.purpose,
        channels.channel
    from suppressions
    inner join purposes
        on suppressions.purpose in (purposes.purpose, purposes.consent_purpose, 'any')
    inner join channels
        on suppressions.channel in (channels.channel, 'any')

),

-- Kept for a purpose of longer time, they are no longer there for one of shorter.
past_retention as (

    select distinct
        activity.customer_id,
        purposes.purpose
    from activity
    inner join purposes
        on {{ judged_at() }} > {{ days_after('activity.last_active_at', 'purposes.keep_days') }}

),

flagged as (

    select distinct
        address_flags.customer_id,
        purposes.purpose,
        address_flags.channel
    from address_flags
    inner join purposes
        on address_flags.purpose in (purposes.purpose, 'any')

),

asked as (

    select
        customers.customer_id,
        purposes.purpose,
        channels.channel,
        purposes.legal_basis,
        purposes.needs_consent,
        purposes.may_be_refused,
        coalesce(consents.status, 'unknown') as consent_status,
        consents.source as consent_source,
        consents.evidence as consent_evidence,
        coalesce(consents.evidence_count, 0) as evidence_count,
        consents.effective_at as consent_effective_at,
        customers.is_deleted,
        suppressed.customer_id is not null as is_suppressed,
        past_retention.customer_id is not null as is_past_retention,
        coalesce(addresses.attribute_count = channels.attribute_count, false) as has_address,
        flagged.customer_id is not null as is_flagged,
        addresses.shared_address
    from customers
    cross join purposes
    cross join channels
    left join consents
        on
            customers.customer_id = consents.customer_id
            and purposes.consent_purpose = consents.purpose
            and channels.channel = consents.channel
    left join suppressed
        on
            customers.customer_id = suppressed.customer_id
            and purposes.purpose = suppressed.purpose
            and channels.channel = suppressed.channel
    left join past_retention
        on
            customers.customer_id = past_retention.customer_id
            and purposes.purpose = past_retention.purpose
    left join addresses
        on
            customers.customer_id = addresses.customer_id
            and channels.channel = addresses.channel
    left join flagged
        on
            customers.customer_id = flagged.customer_id
            and purposes.purpose = flagged.purpose
            and channels.channel = flagged.channel

),

refused as (

    select
        asked.*,
        case when asked.is_deleted then 'customer deleted' end as deletion_refusal,
        case when asked.is_suppressed then 'suppressed' end as suppression_refusal,
        case
            when asked.needs_consent and not coalesce(consent_policies.may_contact, false)
                then coalesce(consent_policies.reason, 'no consent on record')
            when asked.may_be_refused and coalesce(consent_policies.is_refusal, false)
                then consent_policies.reason
        end as consent_refusal,
        case when asked.is_past_retention then 'past retention' end as retention_refusal,
        case
            when not asked.has_address then 'no address'
            when asked.is_flagged then 'address flagged'
        end as address_refusal,
        asked.may_be_refused
        and (asked.is_suppressed or coalesce(consent_policies.is_refusal, false)) as said_no
    from asked
    left join consent_policies
        on asked.consent_status = consent_policies.status

),

-- A mail to a mailbox that two share reaches the one who said no as well.
refused_addresses as (

    select distinct
        purpose,
        channel,
        shared_address
    from refused
    where said_no and shared_address is not null

),

weighed as (

    select
        refused.*,
        case
            when refused_addresses.shared_address is not null and not refused.said_no
                then 'refused at the address'
        end as sharing_refusal
    from refused
    left join refused_addresses
        on
            refused.purpose = refused_addresses.purpose
            and refused.channel = refused_addresses.channel
            and refused.shared_address = refused_addresses.shared_address

),

told as (

    select
        *,
        concat_ws(
            '|',
            deletion_refusal,
            suppression_refusal,
            consent_refusal,
            retention_refusal,
            sharing_refusal,
            address_refusal
        ) as refusals
    from weighed

),

-- Of many customers few combinations come.
combinations as (

    select distinct refusals
    from told

),

reasons as (

    select
        combinations.refusals,
        count(*) as reason_count,
        {{ value_at_lowest('contact_refusals.reason', 'contact_refusals.precedence') }} as reason,
        {{ value_at_lowest('contact_refusals.next_step', 'contact_refusals.precedence') }}
            as next_step
    from combinations
    inner join contact_refusals
        on instr('|' || combinations.refusals || '|', '|' || contact_refusals.reason || '|') > 0
    group by combinations.refusals

),

judged as (

    select
        ---------- ids
        told.customer_id,

        ---------- text
        told.purpose,
        told.channel,
        told.legal_basis,
        reasons.reason,
        reasons.next_step,
        told.consent_status,
        told.consent_source,
        told.consent_evidence,

        ---------- numbers
        coalesce(reasons.reason_count, 0) as reason_count,
        told.evidence_count,

        ---------- booleans
        -- Not read off the seed: a reason that is missing there must not permit anything.
        coalesce(
            told.deletion_refusal,
            told.suppression_refusal,
            told.consent_refusal,
            told.retention_refusal,
            told.sharing_refusal,
            told.address_refusal
        ) is null as may_contact,

        ---------- times
        told.consent_effective_at,
        {{ judged_at() }} as judged_at
    from told
    left join reasons
        on told.refusals = reasons.refusals

)

select * from judged
