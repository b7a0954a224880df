with

identifiers as (

    select * from {{ ref('int_identifiers__unioned') }}

),

person_records as (

    select * from {{ ref('int_person_records__cleaned') }}

),

organizations as (

    select * from {{ ref('int_organizations__cleaned') }}

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

free_email_domains as (

    select * from {{ ref('free_email_domains') }}

),

records as (

    select
        'person' as entity,
        record_key,
        name_key,
        calling_code,
        trunk_prefix,
        national_digits
    from person_records

    union all

    select
        'organization' as entity,
        record_key,
        name_key,
        calling_code,
        trunk_prefix,
        national_digits
    from organizations

),

other_types as (

    select * from identifier_rules
    where identifier_type = '*'

),

ruled as (

    select
        records.entity,
        identifiers.record_key,
        identifiers.source,
        identifiers.record_id,
        records.name_key,
        identifiers.identifier_type,
        identifiers.identifier_value,
        coalesce(identifier_rules.value_kind, other_types.value_kind) as value_kind,
        coalesce(identifier_rules.is_linking, other_types.is_linking) as is_linking,
        coalesce(identifier_rules.needs_name_agreement, other_types.needs_name_agreement)
            as needs_name_agreement,
        case
            when identifier_rules.identifier_type is null then other_types.maximum_names
            else identifier_rules.maximum_names
        end as maximum_names,
        {{ dialled_number('identifiers.identifier_value') }} as dialled_number,
        records.calling_code,
        records.trunk_prefix,
        records.national_digits,
        identifiers.loaded_at
    from identifiers
    cross join other_types
    left join identifier_rules
        on identifiers.identifier_type = identifier_rules.identifier_type
    inner join records
        on
            identifiers.record_key = records.record_key
            and coalesce(identifier_rules.entity, records.entity) = records.entity

),

written as (

    select
        * exclude (dialled_number, calling_code, trunk_prefix, national_digits),
        case value_kind
            when 'email' then {{ normalize_email('identifier_value') }}
            when 'phone'
                then {{ normalize_phone(
                    'dialled_number', 'calling_code', 'trunk_prefix', 'national_digits'
                ) }}
            when 'domain' then {{ normalize_domain('identifier_value') }}
            when 'code'
                then nullif({{ replace_pattern(
                    'upper(identifier_value)', "'[^\\p{L}\\p{N}]'", "''"
                ) }}, '')
            else {{ clean_text('identifier_value') }}
        end as written_value
    from ruled

),

keyed as (

    select
        *,
        case value_kind
            when 'email' then {{ email_key('written_value') }}
            else written_value
        end as normalized_value
    from written

),

names as (

    select
        entity,
        identifier_type,
        normalized_value,
        count(distinct name_key) as distinct_names
    from keyed
    where maximum_names is not null
    group by entity, identifier_type, normalized_value

),

judged as (

    select
        keyed.*,
        coalesce(names.distinct_names, 0) as distinct_names,
        case
            when keyed.normalized_value is null then 'malformed'
            when coalesce(junk_values.junk_value, junk_texts.junk_value) is not null
                then 'placeholder'
            when role_mailboxes.local_part is not null then 'role_mailbox'
            when free_email_domains.domain is not null then 'free_email_domain'
            when names.distinct_names > keyed.maximum_names then 'shared'
        end as unusable_reason
    from keyed
    left join names
        on
            keyed.entity = names.entity
            and keyed.identifier_type = names.identifier_type
            and keyed.normalized_value = names.normalized_value
    left join junk_values
        on
            keyed.value_kind = junk_values.attribute
            and lower(keyed.written_value) = junk_values.junk_value
    left join junk_values as junk_texts
        on
            junk_texts.attribute = 'any'
            and lower({{ clean_text('keyed.identifier_value') }}) = junk_texts.junk_value
    left join role_mailboxes
        on
            keyed.value_kind = 'email'
            and split_part(keyed.normalized_value, '@', 1) = role_mailboxes.local_part
    left join free_email_domains
        on
            keyed.value_kind = 'domain'
            and keyed.normalized_value = free_email_domains.domain

),

normalized as (

    select
        ---------- ids
        record_key,
        source,
        record_id,

        ---------- text
        entity,
        identifier_type,
        identifier_value,
        normalized_value,
        name_key,
        unusable_reason,

        ---------- numbers
        distinct_names,

        ---------- booleans
        unusable_reason is null as is_usable,
        is_linking,
        needs_name_agreement,

        ---------- load metadata
        loaded_at
    from judged

)

select * from normalized
