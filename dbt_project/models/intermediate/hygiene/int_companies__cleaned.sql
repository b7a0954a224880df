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

legal_forms as (

    select * from {{ ref('legal_forms') }}

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

keyed as (

    select * from {{ read_companies('kept') }}

),

cleaned as (

    select
        ---------- as written
        kept.raw_company_name,

        ---------- cleaned
        kept.company_name,

        ---------- keys
        keyed.company_key,

        ---------- what was done
        {{ text_rule('kept.raw_company_name', 'kept.trimmed_company_name', 'kept.company_name') }}
            as company_name_rule
    from kept
    left join keyed
        on kept.company_name = keyed.company_name

)

select * from cleaned
