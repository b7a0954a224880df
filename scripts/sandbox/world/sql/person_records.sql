-- What each source has written down of a person: what it knows, and what went wrong.

-- A street as people write it who save letters.
create temp macro short_street(street) as
    list_reduce(
        [
            street, ' Street| St', ' Avenue| Ave.', ' Road| Rd', 'straße|str.', 'Calle |C/ '
        ],
        lambda written, form: replace(written, split_part(form, '|', 1), split_part(form, '|', 2))
    );

-- Digits in groups of three, three and the rest.
create temp macro grouped(digits, joint) as
    left(digits, 3) || joint || substr(digits, 4, 3) || joint || substr(digits, 7);

-- A phone number, `subscriber` being its digits without the calling code, as people write it.
create temp macro written_phone(calling_code, trunk, subscriber, style) as
    case
        when style = 0 then '+' || calling_code || subscriber
        when style = 1 then '+' || calling_code || ' ' || grouped(subscriber, ' ')
        when style = 2 then '00' || calling_code || subscriber
        when style = 3
            then
                '+' || calling_code || coalesce(' (' || trunk || ') ', ' ')
                || grouped(subscriber, ' ')
        when style = 4 then coalesce(trunk, '') || subscriber
        when style = 5 and calling_code = '1'
            then '(' || left(subscriber, 3) || ') ' || substr(grouped(subscriber, '-'), 5)
        when style = 6 and calling_code = '1' then grouped(subscriber, '.')
        when style = 7 and calling_code = '1' then grouped(subscriber, '-')
        when style = 6
            then coalesce(trunk, '') || left(subscriber, 3) || '/' || substr(subscriber, 4)
        else coalesce(trunk, '') || grouped(subscriber, ' ')
    end;

-- Slips and habits of writing, field by field.
create temp table slipped as
select
    *,
    case
        when kind = 'junk'
            then choose(['Test', 'test', 'N/A', 'asdf', 'Unknown'], 'junk name', number)
        when chance(0.025 * mess, 'initial', number) then left(given_name, 1) || '.'
        when chance(0.02 * mess, 'given typo', number) then typo(given_name, 'given', number)
        when chance(0.25, 'accents lost', number) then strip_accents(given_name)
        else given_name
    end as given_slipped,
    case
        when kind = 'junk'
            then choose(['Test', 'test', 'N/A', 'asdf', 'User'], 'junk family', number)
        when chance(0.006 * mess, 'family untold', number) then 'N/A'
        when chance(0.03 * mess, 'family typo', number) then typo(family_name, 'family', number)
        when chance(0.25, 'accents lost', number)
            then strip_accents(replace(family_name, 'ß', 'ss'))
        else family_name
    end as family_slipped,
    case
        when middle_name is null or not chance(0.35, 'middle told', number) then null
        when chance(0.6, 'middle initial', number) then left(middle_name, 1) || '.'
        else middle_name
    end as middle_slipped,
    chance(0.015 * mess, 'swapped', number) as is_swapped,
    below(100, 'case', number) as case_style,
    chance(0.15 * mess, 'street short', number) as is_street_short,
    unit is not null and chance(0.15 * mess, 'unit inside', number) as has_unit_inside,
    case
        when kind = 'junk'
            then choose(['test@test.com', 'test@example.com', 'none@none.com'], 'junk mail', number)
        when has_no_email then null
        when chance(0.01 * mess, 'mail placeholder', number) and source not in ('app_database')
            then choose(
                ['test@test.com', 'test@test.com', 'noemail@noemail.com'], 'mail junk', number
            )
        when source in ('hubspot', 'zendesk', 'files')
            and chance(0.012 * mess, 'mail untold', number)
            then 'N/A'
        when employer_id is not null
            and source in ('hubspot', 'shopify', 'zendesk', 'files')
            and chance(0.07, 'shared mailbox', number)
            then choose(['info', 'info', 'office', 'sales'], 'mailbox', employer_id)
                || '@' || employer_domain
        when second_email is not null and chance(
            case when copy = 2 then 0.7 else 0.12 end, 'second mail', number
        ) then second_email
        else email
    end as email_chosen,
    case
        when kind = 'customer'
            and source in ('hubspot', 'zendesk')
            and chance(0.2, 'other mail', number)
            then second_email
    end as other_chosen,
    case
        when kind = 'junk'
            then choose(['000-000-0000', '0000000000', '123456789', 'N/A'], 'junk phone', number)
        when not has_phone then null
        when chance(0.02 * mess, 'phone placeholder', number)
            then choose([
                '000-000-0000', '000-000-0000', '0000000000', '+10000000000', '1234567890',
                'N/A', '-'
            ], 'phone junk', number)
        else written_phone(
            calling_code,
            trunk,
            case
                when chance(0.01 * mess, 'phone typo', number)
                    then left(substr(phone, 2 + len(calling_code)), -2)
                        || lpad(cast(below(100, 'wrong digits', number) as varchar), 2, '0')
                else substr(phone, 2 + len(calling_code))
            end,
            case
                when chance(phone_loose, 'phone loose', number)
                    then below(9, 'phone style', number)
                else 0
            end
        )
    end as phone_written,
    case
        when kind = 'junk' then date '1900-01-01'
        when not has_birth_date then null
        when chance(0.03 * mess, 'birth placeholder', number) then date '1900-01-01'
        when day(birth_date) <= 12 and chance(0.03 * mess, 'day and month', number)
            then make_date(year(birth_date), day(birth_date), month(birth_date))
        else birth_date
    end as birth_date_slipped
from known;

create table world.person_records as
with

cased as (

    select
        *,
        case when is_swapped then family_slipped else given_slipped end as given_placed,
        case when is_swapped then given_slipped else family_slipped end as family_placed,
        case
            when email_chosen is null or not contains(email_chosen, '@') or kind = 'junk'
                then email_chosen
            when chance(0.035, 'plus address', number)
                then replace(
                    email_chosen, '@',
                    '+' || choose(['shop', 'news', 'orders', 'promo', 'web'], 'plus', number) || '@'
                )
            when chance(0.012 * mess, 'mail typo', number)
                then case below(4, 'mail slip', number)
                    when 0 then replace(email_chosen, '.com', '.con')
                    when 1 then replace(email_chosen, 'gmail', 'gmial')
                    when 2 then replace(email_chosen, 'hotmail', 'hotmial')
                    else typo(split_part(email_chosen, '@', 1), 'mail', number)
                        || '@' || split_part(email_chosen, '@', 2)
                end
            when chance(0.02 * mess, 'mail capitals', number) then upper(email_chosen)
            when chance(0.02 * mess, 'mail capital', number)
                then upper(left(email_chosen, 1)) || substr(email_chosen, 2)
            when chance(0.008 * mess, 'mail space', number) then ' ' || email_chosen || ' '
            else email_chosen
        end as email_written
    from slipped

),

named as (

    select
        *,
        case
            when case_style < 3 * mess then upper(given_placed)
            when case_style < 6 * mess then lower(given_placed)
            else given_placed
        end as given_written,
        case
            when case_style < 3 * mess then upper(family_placed)
            when case_style < 6 * mess then lower(family_placed)
            else family_placed
        end as family_written,
        case
            when kind = 'junk' then created_at
            else between_times(
                created_at,
                -- The old CRM was closed in 2021.
                case when source = 'files' then timestamp '2021-06-30' else world_now() end,
                'updated',
                number
            )
        end as drawn_update
    from cased

)

select
    source,
    record_id,
    record_number,
    cast(person_id as int) as person_id,
    case
        when country in ('JP', 'CN') and unicode(given_written) > 11903
            then family_written
                || case when chance(0.4, 'native space', number) then ' ' else '' end
                || given_written
        when source in ('files', 'zendesk') and chance(0.05, 'family first', number)
            then family_written || ', ' || given_written
        else concat_ws(' ', given_written, middle_slipped, family_written, name_suffix)
    end as full_name,
    given_written as given_name,
    middle_slipped as middle_name,
    family_written as family_name,
    name_suffix,
    case
        when source <> 'files' or chance(0.04, 'iso date', number)
            then strftime(birth_date_slipped, '%Y-%m-%d')
        when chance(0.06, 'dotted date', number) then strftime(birth_date_slipped, '%d.%m.%Y')
        else strftime(birth_date_slipped, '%d/%m/%Y')
    end as birth_date,
    case when has_gender then gender end as gender,
    email_written as email,
    nullif(other_chosen, email_chosen) as other_email,
    phone_written as phone,
    case
        when kind = 'junk' then 'N/A'
        when not has_address then null
        when is_street_short then short_street(street_address)
        when has_unit_inside then street_address || ', ' || unit
        else street_address
    end as street_address,
    case
        when has_address and (is_street_short or not has_unit_inside) then unit
    end as unit,
    case
        when kind = 'junk' or (has_address and chance(0.006 * mess, 'city untold', number))
            then 'N/A'
        when has_address and chance(0.01 * mess, 'city typo', number)
            then typo(city, 'city', number)
        when has_address and chance(0.02 * mess, 'city capitals', number) then upper(city)
        when has_address then city
    end as city,
    case when has_address then region end as region,
    case
        when kind = 'junk' then '00000'
        when has_address and chance(0.03 * mess, 'postcode close', number)
            then replace(postcode, ' ', '')
        when has_address then postcode
    end as postcode,
    case
        when kind = 'junk' or not (has_address or source in ('app_database', 'klaviyo')) then null
        when source in ('stripe', 'shopify', 'app_database', 'segment_events') then country
        else choose(
            [
                country, country, country_name, country_name, country_local_name, iso3,
                lower(country)
            ],
            'country style', number
        )
    end as country,
    case when has_company then employer_id end as company_id,
    case
        when kind = 'junk' then 'N/A'
        when employer is null
            then case
                when source in ('hubspot', 'files') and chance(0.03, 'company untold', number)
                    then choose(['N/A', '-', 'none', 'private'], 'company junk', number)
            end
        when not has_company then null
        when chance(0.15 * mess, 'company short', number)
            then regexp_replace(employer, ' [^ ]+$', '')
        when chance(0.03 * mess, 'company capitals', number) then upper(employer)
        when chance(0.02 * mess, 'company typo', number) then typo(employer, 'company', number)
        else employer
    end as company_name,
    case when has_company then job_title end as job_title,
    user_id,
    stripe_customer_id,
    case
        when unit('consent', number) < case when source = 'klaviyo' then 0.78 else 0.5 end
            then 'subscribed'
        when unit('consent', number) < case when source = 'klaviyo' then 0.92 else 0.62 end
            then 'unsubscribed'
        else 'never_subscribed'
    end as email_consent,
    case
        when unit('consent', number) < case when source = 'klaviyo' then 0.92 else 0.62 end
            then between_times(created_at, drawn_update, 'consent at', number)
    end as consent_at,
    created_at,
    case when kind = 'guest' then created_at else drawn_update end as updated_at,
    is_removed or merged_into is not null as is_deleted,
    case when is_removed or merged_into is not null then drawn_update end as deleted_at,
    merged_into,
    kind = 'guest' as is_guest
from named
order by source, record_number;

-- For the steps that follow: which record each membership became.
create temp table records as
select
    memberships.number,
    memberships.person_id,
    memberships.persona,
    memberships.kind,
    people.country,
    people.household_id,
    person_records.* exclude (person_id, country)
from memberships
inner join world.person_records
    on memberships.source = person_records.source
    and memberships.record_number = person_records.record_number
left join world.people on memberships.person_id = people.person_id;

drop table memberships;
drop table record_ids;
drop table known;
drop table slipped;
