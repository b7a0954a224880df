with

person_records as (

    select * from {{ ref('int_person_records__unioned') }}

),

time_zone_aliases as (

    select * from {{ ref('time_zone_aliases') }}

),

junk_values as (

    select * from {{ ref('junk_values') }}

),

written as (

    select distinct time_zone as raw_time_zone
    from person_records
    where time_zone is not null

),

trimmed as (

    select
        *,
        {{ clean_text('raw_time_zone') }} as trimmed_time_zone
    from written

),

kept as (

    select
        *,
        {{ unless_junk('trimmed_time_zone', 'time_zone') }} as kept_time_zone
    from trimmed

),

cleaned as (

    select
        ---------- as written
        kept.raw_time_zone,

        ---------- cleaned
        aliases.time_zone,

        ---------- what was done
        case
            when kept.trimmed_time_zone is null then 'blank'
            when kept.kept_time_zone is null then 'placeholder'
            when aliases.time_zone is null then 'time_zone_unknown'
            when aliases.time_zone <> kept.raw_time_zone then 'time_zone_coded'
        end as time_zone_rule
    from kept
    left join time_zone_aliases as aliases
        on {{ symbol_key('kept.kept_time_zone') }} = aliases.alias

)

select * from cleaned
