{#
    One row per pair, with what comparing its two records found: a pattern of a letter an attribute,
    in the order of their positions in the seed `match_weights`, `-` where there is nothing to
    compare; and for what agrees exactly, how likely that is by chance. Joins are by the numbers alone:
    with the entity beside them, an engine may join all records of one to each other first.
#}

{% macro compared_pairs(pairs, records, identifiers) -%}
    {%- set made_of_own = made_of('mailbox', 'own_given_name', 'own_family_name') -%}
    {%- set made_of_other = made_of('mailbox', 'other_given_name', 'other_family_name') -%}
    (
        with

        -- Pairs first: identifiers joined to each other before would make all pairs there are.
        held as {{ materialized() }} (

            select
                pairs.entity,
                pairs.record_number,
                pairs.other_record_number,
                identifiers.identifier_type,
                identifiers.normalized_value,
                identifiers.value_kind,
                identifiers.priority,
                identifiers.limit_per_customer,
                identifiers.window_days,
                identifiers.first_seen_at,
                identifiers.last_seen_at,
                identifiers.people,
                identifiers.chance
            from {{ pairs }} as pairs
            inner join {{ identifiers }} as identifiers
                on pairs.record_number = identifiers.record_number

        ),

        shared_values as (

            select
                here.entity,
                here.record_number,
                here.other_record_number,
                min(here.priority) as shared_priority,
                min(case when here.identifier_type = 'email' then here.normalized_value end)
                    as shared_email,
                min(case when here.identifier_type = 'email' then here.chance end)
                    as shared_email_chance,
                min(case when here.identifier_type = 'email' then here.people end)
                    as shared_email_people,
                min(case when here.identifier_type = 'phone' then here.chance end)
                    as shared_phone_chance,
                min(case when here.identifier_type = 'phone' then here.people end)
                    as shared_phone_people,
                min(
                    case
                        when here.identifier_type not in ('email', 'phone', 'domain')
                            then here.chance
                    end
                ) as shared_identifier_chance
            from held as here
            inner join {{ identifiers }} as there
                on
                    here.other_record_number = there.record_number
                    and here.identifier_type = there.identifier_type
                    and here.normalized_value = there.normalized_value
            -- What was somebody else's since says nothing.
            where
                here.window_days is null
                or coalesce(
                    {{ days_before(
                        'cast(greatest(here.first_seen_at, there.first_seen_at) as date)',
                        'here.window_days'
                    ) }}
                    <= cast(least(here.last_seen_at, there.last_seen_at) as date),
                    true
                )
            group by here.entity, here.record_number, here.other_record_number

        ),

        differing_values as (

            select
                here.entity,
                here.record_number,
                here.other_record_number,
                min(case when here.limit_per_customer = 1 then here.priority end)
                    as barring_priority,
                min({{ edit_distance('here.normalized_value', 'there.normalized_value') }})
                    as edits
            from held as here
            inner join {{ identifiers }} as there
                on
                    here.other_record_number = there.record_number
                    and here.identifier_type = there.identifier_type
                    and here.normalized_value <> there.normalized_value
            where here.value_kind = 'code' or here.limit_per_customer = 1
            group by here.entity, here.record_number, here.other_record_number

        ),

        -- Narrow, before the wide records are joined: which side an engine hashes is only its guess.
        tied_pairs as {{ materialized() }} (

            select
                pairs.entity,
                pairs.record_number,
                pairs.other_record_number,
                shared_values.shared_email,
                shared_values.shared_email_chance,
                shared_values.shared_email_people,
                shared_values.shared_phone_chance,
                shared_values.shared_phone_people,
                shared_values.shared_identifier_chance,
                -- Two values of one that there can be but one of, unless a stronger one is shared.
                coalesce(
                    differing_values.barring_priority <= shared_values.shared_priority,
                    differing_values.barring_priority is not null
                ) as is_barred,
                differing_values.edits
            from {{ pairs }} as pairs
            left join shared_values
                on
                    pairs.record_number = shared_values.record_number
                    and pairs.other_record_number = shared_values.other_record_number
            left join differing_values
                on
                    pairs.record_number = differing_values.record_number
                    and pairs.other_record_number = differing_values.other_record_number

        ),

        levelled as (

            select
                pairs.entity,
                pairs.record_number,
                pairs.other_record_number,
                {{ given_names_level('here', 'there') }} as given_name,
                case
                    when here.given_name is not null and there.given_name is not null then '-'
                    when here.is_latin <> there.is_latin then '-'
                    when here.given_initial = there.given_initial then 'e'
                    when here.given_initial <> there.given_initial then 'd'
                    else '-'
                end as given_initial,
                case
                    when here.family_name is null or there.family_name is null then '-'
                    when here.is_latin <> there.is_latin then '-'
                    when here.family_name = there.family_name then 'e'
                    when
                        {{ similar_names(
                            'here.family_name', 'there.family_name',
                            'here.family_sound', 'there.family_sound'
                        ) }}
                        then 's'
                    when {{ has_all_words('here.family_name', 'there.family_name') }} then 'p'
                    else 'd'
                end as family_name,
                case
                    when here.middle_initial = there.middle_initial then 'e'
                    when here.middle_initial <> there.middle_initial then 'd'
                    else '-'
                end as middle_initial,
                case
                    when here.name_suffix = there.name_suffix then 'e'
                    when here.name_suffix <> there.name_suffix then 'd'
                    else '-'
                end as name_suffix,
                case
                    when here.gender = there.gender then 'e'
                    when here.gender <> there.gender then 'd'
                    else '-'
                end as gender,
                case
                    when here.birth_date is null or there.birth_date is null then '-'
                    when here.birth_date = there.birth_date then 'e'
                    when
                        left(here.birth_digits, 4) = left(there.birth_digits, 4)
                        and substr(here.birth_digits, 5, 2) = right(there.birth_digits, 2)
                        and right(here.birth_digits, 2) = substr(there.birth_digits, 5, 2)
                        then 'c'
                    when
                        {{ name_similarity('here.birth_digits', 'there.birth_digits') }} > 0.9
                        and {{ edit_distance('here.birth_digits', 'there.birth_digits') }} <= 1
                        then 't'
                    when
                        cast(left(here.birth_digits, 4) = left(there.birth_digits, 4) as integer)
                        + cast(
                            substr(here.birth_digits, 5, 2) = substr(there.birth_digits, 5, 2)
                            as integer
                        )
                        + cast(right(here.birth_digits, 2) = right(there.birth_digits, 2) as integer)
                        = 2
                        then 'p'
                    else 'd'
                end as birth_date,
                case
                    when pairs.shared_email is not null then 'e'
                    when here.email is null or there.email is null then '-'
                    when here.email = there.email then '-'
                    when
                        left(here.email, 2) = left(there.email, 2)
                        and split_part(here.email, '@', 1) = split_part(there.email, '@', 1)
                        then 'l'
                    when
                        abs(length(here.email) - length(there.email)) <= 2
                        and {{ name_similarity('here.email', 'there.email') }} > 0.9
                        and {{ edit_distance('here.email', 'there.email') }} <= 2
                        then 's'
                    else 'd'
                end as email,
                case
                    when pairs.shared_phone_chance is not null then 'e'
                    when here.phone is null or there.phone is null then '-'
                    when here.phone = there.phone then '-'
                    when
                        {{ name_similarity('here.phone', 'there.phone') }} > 0.9
                        and {{ edit_distance('here.phone', 'there.phone') }} <= 1
                        then 's'
                    else 'd'
                end as phone,
                case
                    when here.street_name is null or there.street_name is null then '-'
                    when
                        here.address_key = there.address_key
                        or (
                            here.house_number = there.house_number
                            and here.street_name = there.street_name
                        )
                        then 'e'
                    when
                        (
                            here.house_number is not distinct from there.house_number
                            and {{ name_similarity('here.street_name', 'there.street_name') }} >= 0.88
                        )
                        or (
                            here.street_name = there.street_name
                            and (
                                here.postcode = there.postcode
                                or {{ edit_distance('here.house_number', 'there.house_number') }} <= 1
                            )
                        )
                        then 's'
                    when here.street_name = there.street_name then 'n'
                    when here.postcode = there.postcode or here.city_key = there.city_key then 'a'
                    else 'd'
                end as address,
                case
                    when here.street_name is not null and there.street_name is not null then '-'
                    when here.area is null or there.area is null then '-'
                    when here.postcode = there.postcode or here.city_key = there.city_key then 'e'
                    else 'd'
                end as area,
                case
                    when here.company_name = there.company_name then 'e'
                    when here.company_name <> there.company_name then 'd'
                    else '-'
                end as company_name,
                case
                    when pairs.is_barred then 'b'
                    when pairs.shared_identifier_chance is not null then 'e'
                    when pairs.edits <= 1 then 's'
                    when pairs.edits is not null then 'd'
                    else '-'
                end as identifier,
                case
                    when here.domain = there.domain then 'e'
                    when here.domain <> there.domain then 'd'
                    else '-'
                end as domain,
                here.given_name_chance,
                here.family_name_chance,
                here.birth_date_chance,
                pairs.shared_email_chance as email_chance,
                pairs.shared_phone_chance as phone_chance,
                here.address_key_chance as address_chance,
                {{ area_chance('here', 'there') }} as area_chance,
                here.company_name_chance,
                pairs.shared_identifier_chance as identifier_chance,
                here.domain_chance,
                here.population,
                here.is_latin and there.is_latin as is_latin,
                here.family_name as here_family_name,
                there.family_name as there_family_name,
                coalesce(here.given_name, here.given_initial, '') as here_given_name,
                coalesce(there.given_name, there.given_initial, '') as there_given_name,
                coalesce(pairs.shared_email, here.email) as here_email,
                there.email as there_email,
                {{ people_sharing('pairs.shared_email_people', 'email') }} as email_sharing,
                {{ people_sharing('pairs.shared_phone_people', 'phone') }} as phone_sharing,
                {{ people_sharing('here.address_people', 'address') }} as address_sharing
            from tied_pairs as pairs
            inner join {{ records }} as here
                on pairs.record_number = here.record_number
            inner join {{ records }} as there
                on pairs.other_record_number = there.record_number

        ),

        -- Mailboxes that do not agree are not held against names: that takes long.
        mailed as (

            select
                *,
                case when email in ('e', 'l', 's') then here_given_name end as own_given_name,
                case when email in ('e', 'l', 's') then here_family_name end as own_family_name,
                case when email in ('e', 'l', 's') then there_given_name end as other_given_name,
                case when email in ('e', 'l', 's') then there_family_name end as other_family_name,
                case when email in ('e', 'l', 's') then split_part(here_email, '@', 1) end
                    as mailbox,
                case when email = 's' then split_part(there_email, '@', 1) end as other_mailbox
            from levelled

        ),

        -- A mailbox made of a name says nothing more than the name, but for the digits in it.
        made as (

            select
                *,
                case
                    when
                        email in ('e', 'l')
                        and case
                            when
                                given_name = 'c'
                                or (
                                    family_name in ('e', 's', 'p')
                                    and given_name <> 'd'
                                    and given_initial <> 'd'
                                )
                                then
                                    {{ made_of_own }}
                                    or {{ made_of_other }}
                                    -- Of a name in another alphabet it cannot be told.
                                    or (email = 'l' and not is_latin)
                            -- One letter, or the given name alone, may stand for both.
                            else {{ made_of_own }} and {{ made_of_other }}
                        end
                        then
                            case
                                -- A year of birth is one of some hundred, not of ten thousand.
                                when {{ matches_pattern('mailbox', "'^[^0-9]*(19|20)[0-9]{2}[^0-9]*$'") }}
                                    then 2
                                else
                                    least(
                                        length({{ replace_pattern('mailbox', "'[^0-9]'", "''") }}), 4
                                    )
                            end
                end as mailbox_digits,
                -- Ann.Lee7 and Ann_Lee are no slip of the finger: one had to choose another mailbox.
                -- (A case, as an engine may work out both sides of an `and`.)
                case
                    when email = 's'
                        then
                            {{ made_of_own }}
                            and {{ made_of(
                                'other_mailbox', 'other_given_name', 'other_family_name'
                            ) }}
                    else false
                end as is_named_apart
            from mailed

        )

        select
            entity,
            record_number,
            other_record_number,
            given_name
            || given_initial
            || case when given_name = 'c' then '-' else family_name end
            || middle_initial
            || name_suffix
            || gender
            || birth_date
            || case when is_named_apart then 'd' else email end
            || phone
            || address
            || area
            || company_name
            || identifier
            || domain as pattern,
            log2(
                cast(population as double)
                * case when given_name in ('e', 'c') then given_name_chance else 1 end
                * case
                    when family_name = 'e' or given_name = 'c' then family_name_chance else 1
                end
                * case when birth_date = 'e' then birth_date_chance else 1 end
                * case
                    when mailbox_digits is not null and email = 'e'
                        then {{ var('identity').named_mailbox_chance }} * power(10.0, -mailbox_digits)
                    when mailbox_digits is not null
                        then {{ var('identity').named_local_chance }} * power(10.0, -mailbox_digits)
                    when email = 'e' then email_chance
                    when email = 'l' and entity = 'person'
                        then {{ var('identity').local_chance }}
                    else 1
                end
                * case when phone = 'e' then phone_chance else 1 end
                * case when address = 'e' then address_chance else 1 end
                * case when address = 'a' or area = 'e' then area_chance else 1 end
                * case when company_name = 'e' then company_name_chance else 1 end
                * case when identifier = 'e' then identifier_chance else 1 end
                * case when domain = 'e' then domain_chance else 1 end
            ) as log_others,
            log2(
                least(
                    case when email = 'e' then email_sharing end,
                    case when phone = 'e' then phone_sharing end,
                    case when address = 'e' then address_sharing end,
                    {{ var('identity').related_people.any }}
                )
            ) as log_related
        from made
    )
{%- endmacro %}
