with

person_records as (

    select * from {{ ref('int_person_records__unioned') }}

),

organizations as (

    select * from {{ ref('int_organizations__unioned') }}

),

identifiers as (

    select * from {{ ref('int_identifiers__unioned') }}

),

identifier_rules as (

    select * from {{ ref('identifier_rules') }}

),

junk_values as (

    select * from {{ ref('junk_values') }}

),

role_mailboxes as (

    select * from {{ ref('role_mailboxes') }}

),

written as (

    select email as raw_email
    from person_records

    union

    select email as raw_email
    from organizations

    union

    select identifiers.identifier_value as raw_email
    from identifiers
    inner join identifier_rules
        on identifiers.identifier_type = identifier_rules.identifier_type
    where identifier_rules.value_kind = 'email'

),

trimmed as (

    select
        raw_email,
        {{ clean_text('raw_email') }} as trimmed_email,
        {{ normalize_email('raw_email') }} as address
    from written
    where raw_email is not null

),

kept as (

    select
        *,
        {{ unless_junk('trimmed_email', 'email') }} as kept_email,
        {{ unless_junk('address', 'email') }} as email
    from trimmed

),

keyed as (

    select
        *,
        {{ email_key('email') }} as email_key
    from kept

),

judged as (

    select
        keyed.*,
        role_mailboxes.local_part is not null as is_role_mailbox
    from keyed
    left join role_mailboxes
        on split_part(keyed.email_key, '@', 1) = role_mailboxes.local_part

),

cleaned as (

    select
        ---------- as written
        raw_email,

        ---------- cleaned
        email,

        ---------- keys
        email_key,

        ---------- what it is
        is_role_mailbox,

        ---------- what was done
        case
            when trimmed_email is null then 'blank'
            when kept_email is null then 'placeholder'
            when address is null then 'email_invalid'
            when email is null then 'placeholder'
            when is_role_mailbox then 'email_role_mailbox'
            when email <> raw_email then 'email_rewritten'
        end as email_rule
    from judged

)

select * from cleaned
