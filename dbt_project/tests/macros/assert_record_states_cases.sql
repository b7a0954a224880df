{#
    The narrowest rules for a record are the ones that count; of alternatives one is enough; a
    record no rule is for is in no state, and not lost.
#}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

rules (state, entity, records, requirement, attribute, maximum_days) as (

    values
    ('incomplete', 'person', '*', 'name', 'full_name', null),
    ('incomplete', 'person', '*', 'way to reach', 'email', null),
    ('incomplete', 'person', '*', 'way to reach', 'phone', null),
    ('incomplete', 'person', 'files', 'card', 'loyalty', null),
    ('stale', 'person', '*', null, null, 730),
    ('stale', 'person', 'files', null, null, 365),
    ('stale', 'person', 'files:old', null, null, 30),
    ('legacy', 'person', 'files:old', null, null, null),
    ('incomplete', 'organization', '*', 'name', 'name', null)

),

records (source, dataset, known_attributes) as (

    values
    ('hubspot', null, ',full_name,email,'),
    ('hubspot', null, ',full_name,email,'),
    ('hubspot', null, ',full_name,phone,'),
    ('hubspot', null, ',full_name,'),
    ('hubspot', null, ',email,phone,'),
    ('hubspot', null, ','),
    ('files', 'new', ',full_name,email,'),
    ('files', 'new', ',loyalty,'),
    ('files', 'old', ',loyalty,')

),

expected (source, dataset, known_attributes, is_incomplete, stale_after_days, is_legacy) as (

    values
    ('hubspot', null, ',full_name,email,', false, 730, false),
    ('hubspot', null, ',full_name,phone,', false, 730, false),
    ('hubspot', null, ',full_name,', true, 730, false),
    ('hubspot', null, ',email,phone,', true, 730, false),
    ('hubspot', null, ',', true, 730, false),
    ('files', 'new', ',full_name,email,', true, 365, false),
    ('files', 'new', ',loyalty,', false, 365, false),
    ('files', 'old', ',loyalty,', false, 30, true)

),

actual as (

    select * from {{ record_states('records', 'rules', 'person') }}

),

no_rules as (

    select * from rules
    where entity = 'nobody'

),

stateless as (

    select * from {{ record_states('records', 'no_rules', 'person') }}

),

expected_stateless as (

    select distinct
        source,
        dataset,
        known_attributes,
        false as is_incomplete,
        cast(null as integer) as stale_after_days,
        false as is_legacy
    from records

),

differences as (

    (
        select * from expected
        except all
        select * from actual
    )

    union all

    (
        select * from actual
        except all
        select * from expected
    )

    union all

    (
        select * from expected_stateless
        except all
        select * from stateless
    )

    union all

    (
        select * from stateless
        except all
        select * from expected_stateless
    )

)

select * from differences
