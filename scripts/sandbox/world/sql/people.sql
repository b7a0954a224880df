-- A household is a run of people; its first member is its head.
create temp table household_members as
with

heads as (

    select
        person_id,
        person_id = 1 or not chance(0.42, 'same household', person_id) as is_head
    from range(1, getvariable('customers') + 1) as numbers (person_id)

),

grouped as (

    select
        person_id,
        cast(sum(cast(is_head as int)) over (order by person_id) as bigint) as household_id
    from heads

)

select
    person_id,
    household_id,
    row_number() over (partition by household_id order by person_id) as member
from grouped;

create temp table households as
select
    numbers.household_id,
    slots.country,
    places.city,
    places.region,
    places.postcode as postcode_pattern,
    chance(0.25, 'has landline', numbers.household_id) as has_landline,
    '+' || countries.calling_code || fill_digits(places.landline, numbers.household_id) as landline
from range(1, 1 + (select max(household_id) from household_members)) as numbers (household_id)
inner join country_slots as slots
    on slots.slot = below(100, 'household country', numbers.household_id)
inner join countries on slots.country = countries.country
inner join place_counts on slots.country = place_counts.country
inner join place_numbers as places
    on slots.country = places.country
    and places.number = below(place_counts.places, 'household place', numbers.household_id);

-- Every home there is: each household's own, and one where somebody lived before.
create temp table homes as
with

homes as (

    select 2 * household_id as home_id, country, city, region, postcode_pattern
    from households

    union all

    select
        2 * members.person_id + 1 as home_id,
        households.country,
        places.city,
        places.region,
        places.postcode
    from household_members as members
    inner join households on members.household_id = households.household_id
    inner join place_counts on households.country = place_counts.country
    inner join place_numbers as places
        on households.country = places.country
        and places.number = below(place_counts.places, 'previous place', members.person_id)
    where chance(0.3, 'has moved', members.person_id)

),

named as (

    select
        homes.*,
        below(counts.names, 'street name', homes.home_id) as street_place
    from homes
    inner join name_counts as counts
        on homes.country = counts.country and counts.kind = 'family_male'

)

select
    homes.home_id,
    street_line(
        countries.street, streets.name, countries.street_words, 'home', homes.home_id
    ) as street_address,
    case
        when chance(0.3, 'has unit', homes.home_id)
            then choose_word(countries.unit_words, 'unit word', homes.home_id)
                || (1 + mostly_low(60, 'unit number', homes.home_id))
    end as unit,
    homes.city,
    homes.region,
    fill_places(homes.postcode_pattern, 'postcode', homes.home_id) as postcode,
    homes.country
from named as homes
inner join countries on homes.country = countries.country
inner join names as streets
    on homes.country = streets.country
    and homes.street_place = streets.number
    and streets.kind = 'family_male';

create temp table company_numbers as
select
    company_id,
    domain,
    country,
    row_number() over (partition by country order by company_id) - 1 as number
from world.companies;

create temp table company_counts as
select country, count(*) as companies from world.companies group by all;

create temp table people_drafts as
with

members as (

    select
        members.*,
        households.country,
        households.has_landline,
        households.landline,
        case when chance(0.51, 'gender', members.person_id) then 'female' else 'male' end as sex,
        -- A son who bears his father's name, at his address.
        members.member = 2
        and households.country = 'US'
        and chance(0.04, 'junior', members.household_id) as is_junior,
        -- Some members of a household keep a family name of their own.
        case
            when members.member > 1 and chance(0.2, 'own family name', members.person_id)
                then 2 * members.person_id + 1
            else 2 * members.household_id
        end as family_number
    from household_members as members
    inner join households on members.household_id = households.household_id

),

sexed as (

    select
        * exclude (sex),
        case
            when is_junior or (
                country = 'US' and member = 1 and chance(0.04, 'junior', household_id)
            ) then 'male'
            else sex
        end as sex,
        case when is_junior then person_id - 1 else person_id end as given_number
    from members

),

-- Which names and employer each has, as numbers within the lists of the country.
numbered as (

    select
        sexed.*,
        'family_' || sexed.sex as family_kind,
        mostly_low(given_counts.names, 'given', sexed.given_number) as given_place,
        case
            when sexed.country in ('US', 'GB', 'FR', 'ES', 'NL')
                and chance(0.4, 'has middle', sexed.person_id)
                then below(given_counts.names, 'middle', sexed.person_id)
        end as middle_place,
        mostly_low(family_counts.names, 'family', sexed.family_number) as family_place,
        case
            when sexed.sex = 'female' and chance(0.15, 'was married', sexed.person_id)
                then mostly_low(family_counts.names, 'maiden', sexed.person_id)
        end as earlier_family_place,
        case
            when chance(0.3, 'has company', sexed.person_id)
                then mostly_low(company_counts.companies, 'company', sexed.person_id)
        end as company_place
    from sexed
    inner join name_counts as given_counts
        on sexed.country = given_counts.country and sexed.sex = given_counts.kind
    inner join name_counts as family_counts
        on sexed.country = family_counts.country and 'family_' || sexed.sex = family_counts.kind
    left join company_counts on sexed.country = company_counts.country

)

select
    people.person_id,
    people.household_id,
    people.country,
    people.has_landline,
    people.landline,
    people.is_junior,
    people.sex,
    given.name as given_name,
    given.latin as given_latin,
    middle.name as middle_name,
    family.name as family_name,
    family.latin as family_latin,
    earlier.name as earlier_family_name,
    cast(
        case
            when people.is_junior
                then days_after(timestamp '1994-01-01', 14 * 365 * unit('birth', people.person_id))
            when people.member > 2
                then days_after(timestamp '1996-01-01', 14 * 365 * unit('birth', people.person_id))
            else days_after(timestamp '1946-01-01', 55 * 365 * unit('birth', people.person_id))
        end as date
    ) as birth_date,
    companies.company_id,
    companies.domain as company_domain
from numbered as people
inner join names as given
    on people.country = given.country
    and people.sex = given.kind
    and people.given_place = given.number
left join names as middle
    on people.country = middle.country
    and people.sex = middle.kind
    and people.middle_place = middle.number
inner join names as family
    on people.country = family.country
    and people.family_kind = family.kind
    and people.family_place = family.number
left join names as earlier
    on people.country = earlier.country
    and people.family_kind = earlier.kind
    and people.earlier_family_place = earlier.number
left join company_numbers as companies
    on people.country = companies.country and people.company_place = companies.number;

create temp macro local_part(given, family, birth_date, style) as
    case style
        when 0 then given || '.' || family
        when 1 then given || '.' || family
        when 2 then given || family
        when 3 then left(given, 1) || family
        when 4 then given || '.' || family || strftime(birth_date, '%y')
        when 5 then given || '_' || family
        when 6 then given || strftime(birth_date, '%Y')
        when 7 then family || '.' || given
        when 8 then left(given, 1) || '.' || family || strftime(birth_date, '%y')
    end;

-- Nobody has the address of another: where two would, all but the first get their number.
create temp macro own_address(local, domain, person_id, place) as
    local || case when place > 1 then '.' || person_id else '' end || '@' || domain;

create table world.people as
with

addressed as (

    select
        drafts.*,
        plain(given_latin, '') as given_plain,
        plain(family_latin, '') as family_plain,
        choose_word(countries.mail_domains, 'mail domain', person_id) as mail_domain,
        choose_word(countries.mail_domains, 'second mail domain', person_id) as second_mail_domain,
        company_id is not null and chance(0.65, 'uses work mail', person_id) as uses_work_mail,
        countries.calling_code,
        countries.mobile
    from people_drafts as drafts
    inner join countries on drafts.country = countries.country

),

written as (

    select
        *,
        local_part(
            given_plain, family_plain, birth_date, below(9, 'mail style', person_id)
        ) as private_local,
        local_part(
            given_plain, family_plain, birth_date, 4 + below(5, 'second mail style', person_id)
        ) as second_local,
        local_part(
            given_plain, family_plain, birth_date, below(4, 'work mail style', company_id)
        ) as work_local
    from addressed

),

numbered as (

    select
        *,
        row_number() over (
            partition by private_local, mail_domain order by person_id
        ) as private_place,
        row_number() over (partition by work_local, company_id order by person_id) as work_place
    from written

)

select
    cast(people.person_id as int) as person_id,
    people.given_name,
    people.middle_name,
    people.family_name,
    case when people.is_junior then 'Jr.' end as name_suffix,
    people.birth_date,
    case when not chance(0.03, 'gender untold', people.person_id) then people.sex end as gender,
    case
        when people.uses_work_mail
            then own_address(
                people.work_local, people.company_domain, people.person_id, people.work_place
            )
        else own_address(
            people.private_local, people.mail_domain, people.person_id, people.private_place
        )
    end as email,
    case
        when people.uses_work_mail
            then own_address(
                people.private_local, people.mail_domain, people.person_id, people.private_place
            )
        when chance(0.35, 'has second mail', people.person_id)
            then own_address(people.second_local, people.second_mail_domain, people.person_id, 2)
    end as second_email,
    case
        when people.has_landline and chance(0.6, 'uses landline', people.person_id)
            then people.landline
        else '+' || people.calling_code || fill_digits(
            coalesce(choose_word(people.mobile, 'mobile', people.person_id), own_places.landline),
            3000000 + people.person_id
        )
    end as phone,
    homes.street_address,
    homes.unit,
    homes.city,
    homes.region,
    homes.postcode,
    people.country,
    cast(people.household_id as int) as household_id,
    people.company_id,
    case
        when people.company_id is not null
            then choose([
                'Accountant', 'Analyst', 'Assistant', 'Buyer', 'CEO', 'CFO', 'CTO', 'Consultant',
                'Designer', 'Developer', 'Director of Sales', 'Engineer', 'HR Manager',
                'Head of Marketing', 'IT Administrator', 'Marketing Manager', 'Office Manager',
                'Operations Manager', 'Owner', 'Product Manager', 'Project Manager',
                'Sales Manager', 'VP Finance', 'Warehouse Lead'
            ], 'job', people.person_id)
    end as job_title,
    -- More people come with every year.
    days_after(
        world_now(), -1800 * pow(unit('first seen', people.person_id), 1.5) - 1
    ) as created_at
from numbered as people
inner join homes on homes.home_id = 2 * people.household_id
-- Where a country's mobiles have area codes, anyone may have kept that of an earlier place.
inner join place_counts on people.country = place_counts.country
inner join place_numbers as own_places
    on people.country = own_places.country
    and own_places.number = below(place_counts.places, 'mobile area', people.person_id)
order by person_id;

drop table household_members;
drop table households;
