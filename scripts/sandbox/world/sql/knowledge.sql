-- What each source has come to know of a person, before anything goes wrong in the writing.

create temp table nickname_lists as
select given_name, list(nickname order by nickname) as nicknames from nicknames group by all;

create temp table main_app_users as
select person_id, user_id from app_users where copy = 1;

create temp table first_copies as
select memberships.person_id, memberships.source, memberships.number, record_ids.record_id
from memberships
inner join record_ids on memberships.number = record_ids.number
where memberships.copy = 1 and memberships.kind = 'customer';

-- The second entry of a person in a source, where that source has noticed and merged it.
create temp table merges as
select
    memberships.number,
    first_copies.number as survivor_number,
    first_copies.record_id as merged_into
from memberships
inner join sources on memberships.source = sources.source
inner join first_copies
    on memberships.person_id = first_copies.person_id and memberships.source = first_copies.source
where memberships.copy = 2
    and memberships.kind = 'customer'
    and chance(sources.merged, 'is merged', memberships.number);

-- What is true of the person at the time, and which things the source knows.
create temp table known as
with

drawn as (

    select
        memberships.*,
        record_ids.record_id,
        sources.* exclude (source, source_number),
        merges.merged_into,
        survivors.survivor_number is not null as is_survivor,
        memberships.source = 'files' as is_legacy,
        chance(0.22 * sources.mess, 'has nickname', memberships.number) as has_nickname,
        chance(
            case memberships.source when 'files' then 1 when 'stripe' then 0.8 else 0.15 end,
            'romanised', memberships.number
        ) as is_romanised,
        chance(
            case when memberships.source = 'files' then 0.6 else 0.2 end,
            'earlier name', memberships.number
        ) as has_earlier_name,
        case
            when chance(
                case when memberships.source = 'files' then 0.8 else 0.25 end,
                'earlier home', memberships.number
            ) then 2 * memberships.person_id + 1
        end as earlier_home_id,
        case
            when memberships.source = 'hubspot'
                and chance(0.3, 'stripe id known', memberships.number)
                then 'stripe'
        end as other_source
    from memberships
    inner join sources on memberships.source = sources.source
    inner join record_ids on memberships.number = record_ids.number
    left join merges on memberships.number = merges.number
    left join merges as survivors on memberships.number = survivors.survivor_number

),

described as (

    select
        drawn.*,
        people.* exclude (
            person_id, given_name, family_name, phone, street_address, unit, city, region,
            postcode, country, household_id, company_id, created_at
        ),
        people.country,
        people.company_id as employer_id,
        companies.name as employer,
        companies.domain as employer_domain,
        countries.name as country_name,
        countries.local_name as country_local_name,
        countries.iso3,
        cast(countries.calling_code as varchar) as calling_code,
        cast(countries.trunk as varchar) as trunk,
        -- The old CRM knew Western characters only, and nothing that was not written in them.
        countries.is_latin or not drawn.is_legacy as is_writable,
        case
            when drawn.is_romanised and not countries.is_latin then drafts.given_latin
            when drawn.has_nickname
                then coalesce(
                    choose(nickname_lists.nicknames, 'nickname', drawn.number), people.given_name
                )
            else people.given_name
        end as given_name,
        case
            when drawn.is_romanised and not countries.is_latin then drafts.family_latin
            when drawn.has_earlier_name
                then coalesce(drafts.earlier_family_name, people.family_name)
            else people.family_name
        end as family_name,
        case
            when drawn.source in ('hubspot', 'zendesk', 'files')
                and chance(0.25, 'office phone', drawn.number)
                then coalesce(companies.phone, people.phone)
            else people.phone
        end as phone,
        coalesce(earlier.street_address, people.street_address) as street_address,
        case when earlier.home_id is null then people.unit else earlier.unit end as unit,
        coalesce(earlier.city, people.city) as city,
        coalesce(earlier.region, people.region) as region,
        coalesce(earlier.postcode, people.postcode) as postcode,
        case
            when drawn.source in ('app_database', 'segment_events') then drawn.record_id
            when drawn.kind = 'customer'
                and chance(drawn.user_id_known, 'user id known', drawn.number)
                then app_users.user_id
        end as user_id,
        stripe_customers.record_id as stripe_customer_id
    from drawn
    left join world.people on drawn.person_id = people.person_id
    left join people_drafts as drafts on drawn.person_id = drafts.person_id
    left join countries on people.country = countries.country
    left join world.companies on people.company_id = companies.company_id
    left join nickname_lists on people.given_name = nickname_lists.given_name
    left join homes as earlier on drawn.earlier_home_id = earlier.home_id
    left join main_app_users as app_users on drawn.person_id = app_users.person_id
    left join first_copies as stripe_customers
        on drawn.person_id = stripe_customers.person_id
        and drawn.other_source = stripe_customers.source

)

select
    * exclude (phone_known, birth_date_known, gender_known, company_known, deleted, merged),
    -- Guests always leave where to send it.
    kind = 'guest'
    or (is_writable and chance(described.address_known, 'address known', number)) as has_address,
    chance(phone_known, 'phone known', number) as has_phone,
    chance(birth_date_known, 'birth date known', number) as has_birth_date,
    chance(gender_known, 'gender known', number) as has_gender,
    is_writable and chance(company_known, 'company known', number) as has_company,
    kind = 'customer' and chance(email_missing, 'email missing', number) as has_no_email,
    kind = 'customer' and not is_survivor and chance(deleted, 'is deleted', number) as is_removed
from described;

drop table first_copies;
drop table merges;
drop table app_users;
drop table main_app_users;
drop table people_drafts;
drop table homes;
