with

identifiers as (

    select * from {{ ref('int_identifiers__unioned') }}

),

keyed as (

    select * from {{ ref('int_records__keyed') }}

),

emails as (

    select * from {{ ref('int_emails__cleaned') }}

),

phones as (

    select * from {{ ref('int_phones__cleaned') }}

),

identifier_rules as (

    select * from {{ ref('identifier_rules') }}

),

junk_values as (

    select
        attribute,
        {{ junk_value('junk_value') }} as junk_value
    from {{ ref('junk_values') }}

),

email_providers as (

    select * from {{ ref('email_providers') }}

),

other_types as (

    select * from identifier_rules
    where identifier_type = '*'

),

ruled as (

    select
        keyed.entity,
        identifiers.record_key,
        identifiers.source,
        keyed.name_key,
        keyed.country_code,
        identifiers.identifier_type,
        identifiers.identifier_value,
        coalesce(identifier_rules.value_kind, other_types.value_kind) as value_kind,
        coalesce(identifier_rules.is_linking, other_types.is_linking) as is_linking,
        coalesce(identifier_rules.priority, other_types.priority) as priority,
        case
            when identifier_rules.identifier_type is null then other_types.limit_per_customer
            else identifier_rules.limit_per_customer
        end as limit_per_customer,
        case
            when identifier_rules.identifier_type is null then other_types.window_days
            else identifier_rules.window_days
        end as window_days,
        case
            when identifier_rules.identifier_type is null then other_types.maximum_names
            else identifier_rules.maximum_names
        end as maximum_names,
        identifiers.loaded_at
    from identifiers
    cross join other_types
    left join identifier_rules
        on identifiers.identifier_type = identifier_rules.identifier_type
    inner join keyed
        on
            identifiers.record_key = keyed.record_key
            and identifiers.entity = keyed.entity
            and coalesce(identifier_rules.entity, keyed.entity) = keyed.entity

),

looked_up as (

    select
        ruled.*,
        emails.email_rule,
        emails.email_key,
        emails.is_role_mailbox,
        phones.phone_rule,
        phones.phone_key
    from ruled
    left join emails
        on case ruled.value_kind when 'email' then ruled.identifier_value end = emails.raw_email
    left join phones
        on
            case ruled.value_kind when 'phone' then ruled.identifier_value end = phones.raw_phone
            and ruled.country_code is not distinct from phones.country_code

),

written as (

    select
        {{ all_but(['email_rule', 'email_key', 'is_role_mailbox', 'phone_rule', 'phone_key']) }},
        case
            when 'placeholder' in (email_rule, phone_rule) then 'placeholder'
            when is_role_mailbox then 'role_mailbox'
        end as known_reason,
        case value_kind
            when 'email' then email_key
            when 'phone' then phone_key
            when 'domain' then {{ normalize_domain('identifier_value') }}
            when 'code'
                then nullif({{ replace_pattern(
                    'upper(identifier_value)', "'[^\\p{L}\\p{N}]'", "''"
                ) }}, '')
            else {{ clean_text('identifier_value') }}
        end as normalized_value
    from looked_up

),

unusable as (

    select
        written.entity,
        written.record_key,
        written.source,
        written.name_key,
        written.identifier_type,
        written.identifier_value,
        written.is_linking,
        written.value_kind,
        written.priority,
        written.limit_per_customer,
        written.window_days,
        written.maximum_names,
        written.loaded_at,
        written.normalized_value,
        case
            when written.known_reason is not null then written.known_reason
            when coalesce(junk_values.junk_value, junk_texts.junk_value) is not null
                then 'placeholder'
            when written.normalized_value is null then 'malformed'
            when email_providers.domain is not null then 'free_email_domain'
        end as unusable_reason
    from written
    left join junk_values
        on
            written.value_kind = junk_values.attribute
            and lower(written.normalized_value) = junk_values.junk_value
    left join junk_values as junk_texts
        on
            junk_texts.attribute = 'any'
            and lower(trim(written.identifier_value)) = junk_texts.junk_value
    left join email_providers
        on
            case written.value_kind when 'domain' then written.normalized_value end
            = email_providers.domain

),

-- An address identifies, if weakly: where too many names share it, it is nobody's.
addressed as (

    select
        keyed.entity,
        keyed.record_key,
        keyed.source,
        keyed.name_key,
        identifier_rules.identifier_type,
        keyed.address_key as identifier_value,
        identifier_rules.is_linking,
        identifier_rules.value_kind,
        identifier_rules.priority,
        identifier_rules.limit_per_customer,
        identifier_rules.window_days,
        identifier_rules.maximum_names,
        keyed.loaded_at,
        keyed.address_key as normalized_value,
        cast(null as string) as unusable_reason
    from keyed
    inner join identifier_rules
        on identifier_rules.identifier_type = 'address'
    where keyed.address_key is not null

),

collected as (

    select * from unusable

    union all

    select * from addressed

),

names as (

    select
        entity,
        identifier_type,
        normalized_value,
        count(distinct name_key) as distinct_names
    from collected
    where maximum_names is not null and normalized_value is not null
    group by entity, identifier_type, normalized_value

),

counted as (

    select
        collected.*,
        coalesce(names.distinct_names, 0) as distinct_names
    from collected
    left join names
        on
            collected.entity = names.entity
            and collected.identifier_type = names.identifier_type
            and collected.normalized_value = names.normalized_value

),

judged as (

    select
        {{ all_but(['unusable_reason']) }},
        coalesce(
            unusable_reason,
            case when distinct_names > maximum_names then 'shared' end
        ) as unusable_reason
    from counted

),

normalized as (

    select
        ---------- ids
        record_key,
        source,

        ---------- text
        entity,
        identifier_type,
        identifier_value,
        normalized_value,
        value_kind,
        name_key,
        unusable_reason,

        ---------- numbers
        distinct_names,
        maximum_names,
        priority,
        limit_per_customer,
        window_days,

        ---------- booleans
        unusable_reason is null as is_usable,
        is_linking,

        ---------- load metadata
        loaded_at
    from judged

)

select * from normalized
