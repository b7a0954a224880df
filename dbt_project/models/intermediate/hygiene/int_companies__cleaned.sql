with

person_records as (

    select * from {{ ref('int_person_records__unioned') }}

),

organizations as (

    select * from {{ ref('int_organizations__unioned') }}

),

junk_values as (

    select * from {{ ref('junk_values') }}

),

written as (

    select company_name as raw_company_name
    from person_records

    union

    select name as raw_company_name
    from organizations

),

trimmed as (

    select
        *,
        {{ clean_text('raw_company_name') }} as trimmed_company_name
    from written
    where raw_company_name is not null

),

kept as (

    select
        *,
        {{ unless_junk('trimmed_company_name', 'name') }} as company_name
    from trimmed

),

cleaned as (

    select
        ---------- as written
        raw_company_name,

        ---------- cleaned
        company_name,

        ---------- keys
        {{ normalize_name('company_name') }} as company_key,

        ---------- what was done
        {{ text_rule('raw_company_name', 'trimmed_company_name', 'company_name') }}
            as company_name_rule
    from kept

)

select * from cleaned
