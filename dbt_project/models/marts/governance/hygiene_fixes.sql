{{ config(materialized='view') }} {# long, and seldom read whole #}

with

cells as (

    select * from {{ ref('int_cells__cleaned') }}

),

received_cells as (

    select * from {{ ref('int_cells__received') }}

),

emails as (

    select * from {{ ref('int_emails__cleaned') }}

),

hygiene_rules as (

    select * from {{ ref('hygiene_rules') }}

),

fixes as (

    select
        ---------- ids
        cells.source,
        cells.entity,
        cells.record_id,
        cells.attribute,
        cells.record_key,
        cells.rule,

        ---------- text
        hygiene_rules.outcome,
        hygiene_rules.fix as edit_needed,
        hygiene_rules.documentation,
        received_cells.raw_value,
        -- A typo is not changed here, but can be proposed to who can ask. Written down it could be
        -- the address of somebody who was erased.
        coalesce(
            split_part(emails.email, '@', 1) || '@' || emails.likely_domain, cells.value
        ) as proposed_value
    from cells
    inner join hygiene_rules
        on cells.rule = hygiene_rules.rule
    left join received_cells
        on
            cells.entity = received_cells.entity
            and cells.record_key = received_cells.record_key
            and cells.attribute = received_cells.attribute
    left join emails
        -- With a condition beside the equality every cell would be compared with every address.
        on
            case when cells.rule = 'email_typo_domain' then received_cells.raw_value end
            = emails.raw_email
    where hygiene_rules.fix is not null

)

select * from fixes
