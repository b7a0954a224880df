with

connected as (

    select * from {{ ref('int_records__connected') }}

),

pairs as (

    select * from {{ ref('int_pairs__weighed') }}

),

records as (

    select * from {{ ref('int_records__compared') }}

),

identifiers as (

    select * from {{ ref('int_identifiers__counted') }}

),

match_weights as (

    select * from {{ ref('match_weights') }}

),

estimated as (

    select * from {{ ref('int_match_weights__estimated') }}

),

decisions as (

    select * from {{ ref('int_decisions__resolved') }}

),

within_components as (

    select
        pairs.entity,
        pairs.record_number,
        pairs.other_record_number,
        here.component,
        pairs.pattern,
        pairs.weight,
        pairs.linkage_weight
    from pairs
    inner join connected as here
        on pairs.record_number = here.record_number
    inner join connected as there
        on
            pairs.other_record_number = there.record_number
            and here.component = there.component

),

-- Two records no rule brought together are compared too, once others tie them.
missing as (

    select
        records.entity,
        here.record_number,
        there.record_number as other_record_number,
        here.component
    from connected as here
    inner join connected as there
        on
            here.component = there.component
            and here.record_number < there.record_number
    inner join records
        on here.record_number = records.record_number
    left join within_components
        on
            here.record_number = within_components.record_number
            and there.record_number = within_components.other_record_number
    where
        here.component_size between 3 and {{ var('identity').largest_component }}
        and within_components.record_number is null

),

compared as (

    select * from {{ compared_pairs('missing', 'records', 'identifiers') }}

),

missing_weighed as (

    select * from {{ weighed_pairs('compared', 'match_weights', 'estimated') }}

),

combined as (

    select * from within_components

    union all

    select
        missing_weighed.entity,
        missing_weighed.record_number,
        missing_weighed.other_record_number,
        missing.component,
        missing_weighed.pattern,
        missing_weighed.weight,
        missing_weighed.linkage_weight
    from missing_weighed
    inner join missing
        on
            missing_weighed.record_number = missing.record_number
            and missing_weighed.other_record_number = missing.other_record_number

    union all

    select
        decisions.entity,
        decisions.record_number,
        decisions.other_record_number,
        here.component,
        decisions.decision as pattern,
        case decisions.decision when 'link' then 1000000000 else -1000000000 end as weight,
        case decisions.decision when 'link' then 1000000000 else -1000000000 end as linkage_weight
    from decisions
    inner join connected as here
        on decisions.record_number = here.record_number
    inner join connected as there
        on
            decisions.other_record_number = there.record_number
            and here.component = there.component

)

select * from combined
