-- People, from the lists and macros of the sandbox's world; the variable `people` says how many.

create temp table people as
with

weighted as (

    select country, unnest(range(cast(weight as bigint))) as share from countries

),

shares as (

    select country, row_number() over (order by country, share) - 1 as place from weighted

),

numbered as (

    select
        numbers.number,
        shares.country,
        choose(['female', 'male'], 'sex', numbers.number) as sex
    from (select unnest(range(1, getvariable('people') + 1)) as number) as numbers
    inner join shares
        on below((select count(*) from shares), 'country', numbers.number) = shares.place

),

known_places as (

    select
        country,
        list(
            {'city': city, 'region': region, 'postcode': postcode, 'landline': landline}
            order by city, region, postcode
        ) as choices
    from places
    group by country

),

known_names as (

    select country, kind, list(latin order by number) as choices from names
    group by country, kind

),

named as (

    select
        numbered.*,
        countries.* exclude (country),
        given.choices[1 + mostly_low(len(given.choices), 'given', number)] as given_name,
        family.choices[1 + mostly_low(len(family.choices), 'family', number)] as family_name,
        choose(known_places.choices, 'place', number) as place,
        timestamp '2012-01-01' + to_seconds(below(440000000, 'created', number)) as created_at
    from numbered
    inner join countries on numbered.country = countries.country
    inner join known_places on numbered.country = known_places.country
    inner join known_names as given
        on numbered.country = given.country and numbered.sex = given.kind
    inner join known_names as family
        on numbered.country = family.country and 'family_' || numbered.sex = family.kind

)

select
    number,
    country,
    name as country_name,
    iso3,
    calling_code,
    coalesce(cast(trunk as varchar), '') as trunk,
    sex,
    given_name,
    family_name,
    case when chance(0.2, 'middle', number) then upper(left(family_name, 1)) || '.' end
        as middle_name,
    case when chance(0.02, 'suffix', number) then choose(['Jr.', 'III'], 'suffix', number) end
        as name_suffix,
    case
        when chance(0.7, 'born', number)
            then date '1935-01-01' + cast(below(26000, 'birth date', number) as int)
    end as birth_date,
    plain(given_name, '') || '.' || plain(family_name, '') || number
    || '@' || choose_word(mail_domains, 'mail', number) as email,
    fill_digits(place.landline, number) as phone,
    (1 + below(400, 'house', number)) || ' ' || family_name || ' '
    || choose_word(street_words, 'street', number) as street_address,
    case
        when chance(0.3, 'unit', number)
            then choose_word(unit_words, 'unit', number) || (1 + below(60, 'unit number', number))
    end as unit,
    place.city,
    place.region,
    fill_places(place.postcode, 'postcode', number) as postcode,
    case
        when chance(0.3, 'company', number)
            then family_name || ' ' || choose_word(company_words, 'company', number)
    end as company_name,
    case
        when chance(0.2, 'job', number)
            then choose(['Buyer', 'Head of Sales', 'Engineer', 'Owner'], 'job', number)
    end as job_title,
    created_at,
    created_at + to_seconds(below(20000000, 'updated', number)) as updated_at
from named;

-- How they were typed: in capitals, with blanks, as numbers are dialled here or there.
create temp view people_as_typed as
with

drawn as (

    select *, below(100, 'typed', number) as slip, below(6, 'written', number) as style from people

)

select
    number,
    case when slip < 5 then upper(given_name) when slip < 8 then '  ' || given_name || ' '
        else given_name end as given_name,
    middle_name,
    case when slip < 7 then upper(family_name) else family_name end as family_name,
    name_suffix,
    case
        when slip = 1 then '1900-01-01'
        when style = 0 then strftime(birth_date, '%m/%d/%Y')
        when style = 1 then strftime(birth_date, '%d.%m.%Y')
        else cast(birth_date as varchar)
    end as birth_date,
    case style when 0 then left(sex, 1) when 1 then upper(sex) when 2 then sex end as gender,
    case
        when slip = 2 then null
        when slip = 3 then 'test@test.com'
        when slip < 10 then upper(email)
        when slip < 13 then ' ' || email
        when slip < 16 then replace(email, '@', '+shop@')
        when slip < 18 then given_name || ' <' || email || '>'
        else email
    end as email,
    case
        when slip = 4 then '0000000000'
        when slip > 80 then null
        when style = 0 then '+' || calling_code || ' ' || phone
        when style = 1 then '00' || calling_code || phone
        when style = 2 then '(' || trunk || left(phone, 3) || ') ' || phone[4:]
        when style = 3 then trunk || left(phone, 3) || '-' || phone[4:] || ' ext. 12'
        else trunk || phone
    end as phone,
    case when slip < 5 then lower(street_address) else street_address end as street_address,
    unit,
    city,
    region,
    case when slip = 6 then 'N/A' else postcode end as postcode,
    case style when 0 then country when 1 then iso3 when 2 then lower(country_name)
        when 3 then null else country_name end as country,
    company_name,
    job_title,
    created_at,
    updated_at
from drawn;
