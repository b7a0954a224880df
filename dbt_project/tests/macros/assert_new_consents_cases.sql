{#
    A consent that changed in its source is told again, with a number, and one that did not is not:
    what a source says over again, or a time it only guesses at, is no event.
#}

{{ config(severity='error', meta={'dimension': 'compliance', 'owner': 'legal'}) }}

with

given (
    consent_id, revision, record_id, purpose, channel, status, evidence, is_dated, recorded_on
) as (

    values
    ('again', 1, 'r', 'marketing', 'email', 'granted', 'form', true, '2026-01-01'),
    ('change', 1, 'r', 'marketing', 'email', 'granted', 'form', true, '2026-01-01'),
    ('return', 1, 'r', 'marketing', 'email', 'granted', 'form', true, '2026-01-01'),
    ('return', 2, 'r', 'marketing', 'email', 'withdrawn', 'form', true, '2026-02-01'),
    ('renewed', 1, 'r', 'marketing', 'email', 'granted', 'form', true, '2026-01-01'),
    ('undated', 1, 'r', 'marketing', 'email', 'granted', null, true, '2026-01-01'),
    ('guess', 1, 'r', 'marketing', 'email', 'withdrawn', 'form', false, '2026-01-01'),
    ('guess_changed', 9, 'r', 'marketing', 'email', 'withdrawn', 'form', false, '2026-01-01'),
    ('guess_changed', 10, 'r', 'marketing', 'email', 'pending', 'form', false, '2026-01-01'),
    ('record', 1, 'r', 'marketing', 'email', 'granted', 'form', true, '2026-01-01'),
    ('purpose', 1, 'r', 'marketing', 'email', 'granted', 'form', true, '2026-01-01'),
    ('channel', 1, 'r', 'marketing', 'email', 'granted', 'form', true, '2026-01-01'),
    ('evidence', 1, 'r', 'marketing', 'email', 'granted', null, true, '2026-01-01'),
    ('gone', 1, 'r', 'marketing', 'email', 'granted', 'form', true, '2026-01-01')

),

recorded as ( -- noqa: ST03

    select
        'a:' || consent_id as consent_key,
        'a' as source,
        consent_id,
        revision,
        record_id as customer_record_key,
        purpose,
        channel,
        status,
        evidence,
        is_dated,
        cast(recorded_on as timestamp) as recorded_at
    from given

),

told (
    source, consent_id, record_id, purpose, channel, status, evidence, is_dated, recorded_on
) as (

    values
    ('a', 'new', 'r', 'marketing', 'email', 'granted', 'form', false, '2026-01-01'),
    ('b', 'again', 'r', 'marketing', 'email', 'granted', 'form', true, '2026-01-01'),
    ('a', 'again', 'r', 'marketing', 'email', 'granted', 'form', true, '2026-01-01'),
    ('a', 'change', 'r', 'marketing', 'email', 'withdrawn', 'form', true, '2026-01-01'),
    ('a', 'return', 'r', 'marketing', 'email', 'granted', 'form', true, '2026-01-01'),
    ('a', 'renewed', 'r', 'marketing', 'email', 'granted', 'form', true, '2026-01-01 00:00:01'),
    ('a', 'undated', 'r', 'marketing', 'email', 'granted', null, false, '2026-03-01'),
    ('a', 'guess', 'r', 'marketing', 'email', 'withdrawn', 'form', false, '2026-02-01'),
    ('a', 'guess_changed', 'r', 'marketing', 'email', 'withdrawn', 'form', false, '2026-02-01'),
    ('a', 'record', 's', 'marketing', 'email', 'granted', 'form', true, '2026-01-01'),
    ('a', 'purpose', 'r', 'analytics', 'email', 'granted', 'form', true, '2026-01-01'),
    ('a', 'channel', 'r', 'marketing', 'sms', 'granted', 'form', true, '2026-01-01'),
    ('a', 'evidence', 'r', 'marketing', 'email', 'granted', 'form', true, '2026-01-01')

),

consents as ( -- noqa: ST03

    select
        source || ':' || consent_id as consent_key,
        source,
        consent_id,
        record_id as customer_record_key,
        purpose,
        channel,
        status,
        evidence,
        is_dated,
        cast(recorded_on as timestamp) as recorded_at,
        timestamp '2026-06-01' as loaded_at
    from told

),

expected (consent_key, revision, status, recorded_on) as (

    values
    ('a:new', 1, 'granted', '2026-01-01'),
    ('b:again', 1, 'granted', '2026-01-01'),
    ('a:change#2', 2, 'withdrawn', '2026-01-01'),
    ('a:return#3', 3, 'granted', '2026-01-01'),
    ('a:renewed#2', 2, 'granted', '2026-01-01 00:00:01'),
    ('a:guess_changed#11', 11, 'withdrawn', '2026-06-01'),
    ('a:record#2', 2, 'granted', '2026-01-01'),
    ('a:purpose#2', 2, 'granted', '2026-01-01'),
    ('a:channel#2', 2, 'granted', '2026-01-01'),
    ('a:evidence#2', 2, 'granted', '2026-01-01')

),

expected_rows as (

    select
        consent_key,
        revision,
        status,
        cast(recorded_on as timestamp) as recorded_at
    from expected

),

actual as (

    select
        consent_key,
        revision,
        status,
        recorded_at
    from {{ new_consents('consents', 'recorded') }}

),

differences as (

    (
        select * from expected_rows
        except all
        select * from actual
    )

    union all

    (
        select * from actual
        except all
        select * from expected_rows
    )

)

select * from differences
