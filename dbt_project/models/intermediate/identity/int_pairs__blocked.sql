with

records as (

    select * from {{ ref('int_records__compared') }}

),

blocking_rules as (

    select * from {{ ref('blocking_rules') }}

),

measured as (

    select * from {{ ref('int_blocking_rules__measured') }}

),

identifiers as (

    select * from {{ ref('int_identifiers__counted') }}

),

used_rules as (

    select
        measured.entity,
        measured.rule,
        blocking_rules.part_1,
        blocking_rules.part_2
    from measured
    inner join blocking_rules
        on measured.rule = blocking_rules.rule
    where measured.is_used

),

keys as (

    select
        record_number,
        block_number,
        false as is_by_identifier
    from {{ blocking_keys('records', 'used_rules') }}

    union all

    select
        record_number,
        {{ block_number('entity', 'identifier_type', 'normalized_value') }} as block_number,
        true as is_by_identifier
    from identifiers

),

sizes as (

    select
        block_number,
        count(*) as record_count
    from keys
    group by block_number
    having count(*) > 1

),

small as (

    select keys.*
    from keys
    inner join sizes
        on keys.block_number = sizes.block_number
    where sizes.record_count <= {{ var('identity').largest_block }}

),

-- In a block too large, each record is compared with its neighbours in the order of their values.
large as (

    select
        keys.*,
        row_number() over (
            partition by keys.block_number
            order by
                records.family_name asc nulls last,
                records.given_name asc nulls last,
                records.birth_date asc nulls last,
                records.email asc nulls last,
                records.phone asc nulls last,
                keys.record_number asc
        ) as position
    from keys
    inner join sizes
        on keys.block_number = sizes.block_number
    inner join records
        on keys.record_number = records.record_number
    where sizes.record_count > {{ var('identity').largest_block }}

),

met as (

    select
        here.record_number,
        there.record_number as other_record_number,
        here.is_by_identifier
    from small as here
    inner join small as there
        on
            here.block_number = there.block_number
            and here.record_number < there.record_number

    union all

    select
        least(here.record_number, there.record_number) as record_number,
        greatest(here.record_number, there.record_number) as other_record_number,
        here.is_by_identifier
    from large as here
    inner join large as there
        on
            here.block_number = there.block_number
            and there.position between here.position + 1 and here.position + 5

),

paired as (

    select
        record_number,
        other_record_number,
        bool_or(is_by_identifier) as is_by_identifier
    from met
    group by record_number, other_record_number

),

-- Other given names, and nothing else in common that would do: not worth comparing.
blocked as (

    select
        here.entity,
        paired.record_number,
        paired.other_record_number
    from paired
    inner join records as here
        on paired.record_number = here.record_number
    inner join records as there
        on paired.other_record_number = there.record_number
    where
        paired.is_by_identifier
        or here.email = there.email
        or here.phone = there.phone
        or here.address_key = there.address_key
        or (
            here.street_name = there.street_name
            and here.house_number = there.house_number
        )
        or (
            here.birth_date = there.birth_date
            and (
                here.family_sound = there.family_sound
                or here.street_name = there.street_name
            )
        )
        or {{ given_names_level('here', 'there') }} <> 'd'

)

select * from blocked
