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

received as (

    select
        source,
        entity,
        attribute,
        count(*) as received_count
    from received_cells
    group by source, entity, attribute

),

ruled as (

    select
        source,
        entity,
        attribute,
        rule,
        count(*) as cell_count
    from cells
    group by source, entity, attribute, rule

),

-- Every other rule changes the value; a doubtful one may be as it came.
doubted as (

    select
        cells.source,
        cells.entity,
        cells.attribute,
        cells.rule,
        count(case when cells.value = received_cells.raw_value then 1 end) as kept_cell_count
    from cells
    inner join hygiene_rules
        on cells.rule = hygiene_rules.rule
    inner join received_cells
        on
            cells.entity = received_cells.entity
            and cells.record_key = received_cells.record_key
            and cells.attribute = received_cells.attribute
    where hygiene_rules.outcome = 'flagged'
    group by cells.source, cells.entity, cells.attribute, cells.rule

),

described as (

    select
        ruled.source,
        ruled.entity,
        ruled.attribute,
        coalesce(ruled.rule, 'none') as rule,
        case when ruled.rule is null then 'kept' else hygiene_rules.outcome end as outcome,
        hygiene_rules.description,
        replace(
            hygiene_rules.edit_needed, '{count}', cast(ruled.cell_count as string)
        ) as edit_needed,
        hygiene_rules.documentation,
        ruled.cell_count,
        case
            when ruled.rule is null then ruled.cell_count
            else coalesce(doubted.kept_cell_count, 0)
        end as kept_cell_count,
        coalesce(received.received_count, 0) as received_count
    from ruled
    left join hygiene_rules
        on ruled.rule = hygiene_rules.rule
    left join doubted
        on
            ruled.source = doubted.source
            and ruled.entity = doubted.entity
            and ruled.attribute = doubted.attribute
            and ruled.rule = doubted.rule
    left join received
        on
            ruled.source = received.source
            and ruled.entity = received.entity
            and ruled.attribute = received.attribute

),

totalled as (

    select
        *,
        sum(kept_cell_count) over (partition by source, entity, attribute) as kept_count,
        sum(cell_count) over (
            partition by source, entity, attribute
        ) - received_count as filled_count
    from described

),

changes as (

    select
        ---------- ids
        source,
        entity,
        attribute,
        rule,

        ---------- text
        outcome,
        description,
        edit_needed,
        documentation,

        ---------- numbers
        cell_count,
        cast(cell_count as double) / nullif(received_count, 0) as share_of_received,
        received_count,
        cast(kept_count as bigint) as kept_count,
        cast(received_count - kept_count as bigint) as changed_count,
        cast(filled_count as bigint) as filled_count
    from totalled

)

select * from changes
