with

person_records as (

    select * from {{ ref('int_person_records__unioned') }}

),

junk_values as (

    select * from {{ ref('junk_values') }}

),

name_words as (

    select * from {{ ref('name_words') }}

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

named as (

    select
        *,
        {{ name_or_null('trimmed_full_name') }} as named_full_name,
        {{ name_or_null('trimmed_given_name') }} as named_given_name,
        {{ name_or_null('trimmed_middle_name') }} as named_middle_name,
        {{ name_or_null('trimmed_family_name') }} as named_family_name
    from trimmed

),

kept as (

    select
        *,
        {{ unless_junk('named_full_name', 'name') }} as full_name,
        {{ unless_junk('named_given_name', 'name') }} as given_name,
        {{ unless_junk('named_middle_name', 'name') }} as middle_name,
        {{ unless_junk('named_family_name', 'name') }} as family_name,
        {{ unless_junk('trimmed_name_suffix', 'name') }} as name_suffix
    from named

),

read as (

    select * from {{ read_names('kept') }}

),

composed as (

    select
        *,
        coalesce(nullif(concat_ws(' ', given, middle, family, suffix), ''), full_name)
            as composed_name
    from read

),

keyed as (

    select
        *,
        {{ name_key('given', 'family') }} as name_key,
        {{ normalize_name('given') }} as given_name_key,
        {{ normalize_name('family') }} as family_name_key
    from composed

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
        composed_name as full_name,
        title as name_title,
        given as given_name,
        middle as middle_name,
        family as family_name,
        suffix as name_suffix,

        ---------- keys
        name_key,
        given_name_key,
        family_name_key,
        nickname_groups,

        ---------- what was done
        case
            when composed_name is not null and (composed_name is distinct from full_name)
                then 'name_composed'
            when trimmed_full_name is not null and named_full_name is null then 'name_invalid'
            else {{ text_rule('raw_full_name', 'trimmed_full_name', 'composed_name') }}
        end as full_name_rule,
        case when title is not null then 'split_off' end as name_title_rule,
        {{ name_rule(
            'raw_given_name', 'trimmed_given_name', 'named_given_name', 'given_name', 'given'
        ) }} as given_name_rule,
        {{ name_rule(
            'raw_middle_name',
            'trimmed_middle_name',
            'named_middle_name',
            'middle_name',
            'middle',
            "case when given_name is null then 'name_split' else 'split_off' end"
        ) }} as middle_name_rule,
        {{ name_rule(
            'raw_family_name', 'trimmed_family_name', 'named_family_name', 'family_name', 'family'
        ) }} as family_name_rule,
        case
            when name_suffix is null and suffix is not null then 'split_off'
            when suffix <> name_suffix then 'suffix_rewritten'
            else {{ text_rule('raw_name_suffix', 'trimmed_name_suffix', 'suffix') }}
        end as name_suffix_rule
    from grouped

)

select * from cleaned
