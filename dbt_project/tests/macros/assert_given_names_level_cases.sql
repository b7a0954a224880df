{# One given name may be written in many ways; what is none of them is another name. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (
    given_name,
    family_name,
    nickname_groups,
    other_given_name,
    other_family_name,
    other_groups,
    expected
) as (

    values
    ('robert', 'smith', 'robert', 'robert', 'jones', 'robert', 'e'),
    ('robert', 'smith', 'robert', 'smith', 'robert', 'smith', 'c'),
    ('robert', 'smith', 'robert', 'smith', 'robbert', 'smith', 'c'),
    ('bob', 'smith', 'robert', 'robert', 'smith', 'robert', 'n'),
    ('alex', 'smith', 'alexander|alexandra', 'sandra', 'smith', 'alexandra|sandra', 'n'),
    ('robert', 'smith', 'robert', 'robbert', 'smith', 'robbert', 's'),
    ('anna', 'smith', 'anna', 'maria anna', 'smith', 'maria anna', 'p'),
    ('robert', 'smith', 'robert', 'mary', 'smith', 'mary', 'd'),
    ('robert', 'smith', 'robert', null, 'smith', null, '-')

),

records as (

    select
        *,
        {{ sound_key('given_name') }} as given_sound,
        {{ sound_key('family_name') }} as family_sound,
        {{ sound_key('other_given_name') }} as other_given_sound,
        {{ sound_key('other_family_name') }} as other_family_sound
    from cases

),

here as (

    select
        row_number() over (order by given_name, other_given_name, other_family_name) as case_number,
        given_name,
        family_name,
        nickname_groups,
        given_sound,
        family_sound,
        true as is_latin,
        expected
    from records

),

there as (

    select
        row_number() over (order by given_name, other_given_name, other_family_name) as case_number,
        other_given_name as given_name,
        other_family_name as family_name,
        other_groups as nickname_groups,
        other_given_sound as given_sound,
        other_family_sound as family_sound,
        true as is_latin
    from records

),

results as (

    select
        here.given_name,
        there.given_name as other_given_name,
        here.expected,
        {{ given_names_level('here', 'there') }} as actual
    from here
    inner join there
        on here.case_number = there.case_number

)

select * from results
where actual is distinct from expected
