{#
    Raw is kept beside what cleaning makes of it, so whether a value was changed can be seen; if the
    rule beside it said otherwise, the counts of changes and the fix lists would be wrong.
#}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'data'}) }}

with

cells as (

    select * from {{ ref('int_cells__cleaned') }}

),

received_cells as (

    select * from {{ ref('int_cells__received') }}

),

hygiene_rules as (

    select * from {{ ref('hygiene_rules') }}

),

compared as (

    select
        coalesce(cells.entity, received_cells.entity) as entity,
        coalesce(cells.record_key, received_cells.record_key) as record_key,
        coalesce(cells.attribute, received_cells.attribute) as attribute,
        cells.rule,
        hygiene_rules.outcome,
        cells.value is null as is_missing,
        (cells.value is distinct from received_cells.raw_value) as is_changed
    from cells
    full outer join received_cells
        on
            cells.entity = received_cells.entity
            and cells.record_key = received_cells.record_key
            and cells.attribute = received_cells.attribute
    left join hygiene_rules
        on cells.rule = hygiene_rules.rule

)

select * from compared
where
    is_changed and rule is null
    or not is_changed and rule is not null and outcome <> 'flagged'
    or is_missing <> (outcome = 'set_aside' or rule = 'blank')
