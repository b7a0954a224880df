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

email_providers as (

    select * from {{ ref('email_providers') }}

),

disposable_email_domains as (

    select * from {{ ref('disposable_email_domains') }}

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

located as (

    select
        *,
        split_part(email, '@', 1) as local_part,
        split_part(email, '@', 2) as domain,
        -- Where a + sets off no tag, no address has one either: its owner thought it did.
        {{ replace_pattern('email', "'^([^\"@+]+)\\+[^@]*@'", "'\\1@'") }} as untagged_email
    from kept

),

domains as ( -- noqa: ST03

    select distinct domain
    from located
    where domain is not null

),

likely_domains as (

    select * from {{ likely_domains('domains') }}

),

judged as (

    select
        located.*,
        {{ mailbox_key(
            'located.untagged_email',
            'email_providers.canonical_domain',
            'email_providers.ignored_characters',
            'email_providers.tag_separator'
        ) }} as email_key,
        likely_domains.likely_domain,
        disposable_email_domains.domain is not null as is_disposable
    from located
    left join email_providers
        on located.domain = email_providers.domain
    left join disposable_email_domains
        on located.domain = disposable_email_domains.domain
    left join likely_domains
        on located.domain = likely_domains.domain

),

addressed as (

    select
        judged.*,
        role_mailboxes.local_part is not null as is_role_mailbox
    from judged
    left join role_mailboxes
        on split_part(judged.email_key, '@', 1) = role_mailboxes.local_part

),

cleaned as (

    select
        ---------- as written
        raw_email,

        ---------- cleaned
        email,
        likely_domain,

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
            when is_disposable then 'email_disposable'
            when likely_domain is not null then 'email_typo_domain'
            when is_role_mailbox then 'email_role_mailbox'
            when email <> raw_email then 'email_rewritten'
        end as email_rule
    from addressed

)

select * from cleaned
