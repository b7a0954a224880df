with

person_records as (

    select * from {{ ref('int_person_records__unioned') }}

),

junk_values as (

    select * from {{ ref('junk_values') }}

),

nicknames as (

    select * from {{ ref('nicknames') }}

),

written as (

    select distinct
        full_name as raw_full_name,
        given_name as raw_given_name,
        middle_name as raw_middle_name,
        family_name as raw_family_name,
        name_suffix as raw_name_suffix
    from person_records

),

trimmed as (

    select
        *,
        {{ clean_text('raw_full_name') }} as trimmed_full_name,
        {{ clean_text('raw_given_name') }} as trimmed_given_name,
        {{ clean_text('raw_middle_name') }} as trimmed_middle_name,
        {{ clean_text('raw_family_name') }} as trimmed_family_name,
        {{ clean_text('raw_name_suffix') }} as trimmed_name_suffix
    from written

),

kept as (

    select
        *,
        {{ unless_junk('trimmed_full_name', 'name') }} as kept_full_name,
        {{ unless_junk('trimmed_given_name', 'name') }} as kept_given_name,
        {{ unless_junk('trimmed_middle_name', 'name') }} as middle_name,
        {{ unless_junk('trimmed_family_name', 'name') }} as kept_family_name,
        {{ unless_junk('trimmed_name_suffix', 'name') }} as name_suffix
    from trimmed

),

split as (

    select
        *,
        case
            when kept_given_name is null and kept_family_name is null
                then {{ given_name_of('kept_full_name') }}
            else kept_given_name
        end as given_name,
        case
            when kept_given_name is null and kept_family_name is null
                then {{ family_name_of('kept_full_name') }}
            else kept_family_name
        end as family_name,
        coalesce(
            nullif(
                concat_ws(' ', kept_given_name, middle_name, kept_family_name, name_suffix), ''
            ),
            kept_full_name
        ) as full_name
    from kept

),

keyed as (

    select
        *,
        {{ name_key('given_name', 'family_name') }} as name_key,
        {{ normalize_name('given_name') }} as given_name_key,
        {{ normalize_name('family_name') }} as family_name_key
    from split

),

nickname_groups as (

    select
        given_name,
        {{ join_sorted('name_group', "'|'") }} as name_groups
    from nicknames
    group by given_name

),

grouped as (

    select
        keyed.*,
        coalesce(nickname_groups.name_groups, keyed.given_name_key) as nickname_groups
    from keyed
    left join nickname_groups
        on keyed.given_name_key = nickname_groups.given_name

),

cleaned as (

    select
        ---------- as written
        raw_full_name,
        raw_given_name,
        raw_middle_name,
        raw_family_name,
        raw_name_suffix,

        ---------- cleaned
        full_name,
        given_name,
        middle_name,
        family_name,
        name_suffix,

        ---------- keys
        name_key,
        given_name_key,
        family_name_key,
        nickname_groups,

        ---------- what was done
        case
            when full_name is not null and (full_name is distinct from kept_full_name)
                then 'name_composed'
            else {{ text_rule('raw_full_name', 'trimmed_full_name', 'full_name') }}
        end as full_name_rule,
        case
            when kept_given_name is null and given_name is not null then 'name_split'
            else {{ text_rule('raw_given_name', 'trimmed_given_name', 'given_name') }}
        end as given_name_rule,
        {{ text_rule('raw_middle_name', 'trimmed_middle_name', 'middle_name') }}
            as middle_name_rule,
        case
            when kept_family_name is null and family_name is not null then 'name_split'
            else {{ text_rule('raw_family_name', 'trimmed_family_name', 'family_name') }}
        end as family_name_rule,
        {{ text_rule('raw_name_suffix', 'trimmed_name_suffix', 'name_suffix') }}
            as name_suffix_rule
    from grouped

)

select * from cleaned
