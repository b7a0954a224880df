-- Companies, and before them what tells where anybody is.

-- A hundred slots, each country having as many as its weight.
create temp table country_slots as
select
    country,
    row_number() over (order by country, slot) - 1 as slot
from (select country, unnest(range(weight)) as slot from countries);

create temp table name_counts as
select country, kind, count(*) as names from names group by all;

create temp table place_numbers as
select *, row_number() over (partition by country order by city, region, postcode) - 1 as number
from places;

create temp table place_counts as
select country, count(*) as places from place_numbers group by all;

create temp table company_drafts as
select
    company_id,
    choose([
        'Logistics', 'Software', 'Manufacturing', 'Retail', 'Healthcare', 'Consulting',
        'Education', 'Construction', 'Hospitality', 'Media'
    ], 'industry', company_id) as industry,
    slots.country
from range(1, 2 + getvariable('customers') // 12) as numbers (company_id)
inner join country_slots as slots on slots.slot = below(100, 'company country', company_id);

create temp macro street_line(pattern, name, words, purpose, number) as
    replace(replace(replace(
        pattern,
        '{name}', name),
        '{word}', choose_word(words, purpose || ' word', number)),
        '{number}', cast(1 + mostly_low(180, purpose || ' number', number) as varchar)
    );

create table world.companies as
with

named as (

    select
        drafts.company_id,
        drafts.country,
        drafts.industry,
        founders.name,
        founders.latin,
        choose_word(countries.company_words, 'company word', drafts.company_id) as word,
        places.* exclude (country, number),
        streets.name as street_name,
        countries.street,
        countries.street_words,
        countries.calling_code
    from company_drafts as drafts
    inner join countries on drafts.country = countries.country
    inner join name_counts as counts
        on drafts.country = counts.country and counts.kind = 'family_male'
    inner join names as founders
        on drafts.country = founders.country
        and founders.kind = 'family_male'
        and founders.number = below(counts.names, 'company name', drafts.company_id)
    inner join names as streets
        on drafts.country = streets.country
        and streets.kind = 'family_male'
        and streets.number = below(counts.names, 'company street', drafts.company_id)
    inner join place_counts on drafts.country = place_counts.country
    inner join place_numbers as places
        on drafts.country = places.country
        and places.number = below(place_counts.places, 'company place', drafts.company_id)

),

numbered as (

    select
        *,
        plain(latin || ' ' || industry, '-') as slug,
        row_number() over (partition by latin, industry order by company_id) as same_name
    from named

)

select
    cast(company_id as int) as company_id,
    name || ' ' || industry || case when same_name > 1 then ' ' || same_name else '' end
    || ' ' || word as name,
    slug || case when same_name > 1 then '-' || same_name else '' end || '.example' as domain,
    '+' || calling_code || fill_digits(landline, 500000 + company_id) as phone,
    street_line(street, street_name, street_words, 'company address', company_id) as street_address,
    city,
    region,
    fill_places(postcode, 'company postcode', company_id) as postcode,
    country,
    industry,
    cast(3 + floor(8 / pow(unit('employees', company_id) + 0.0005, 0.9)) as int) as employees,
    between_times(
        timestamp '2020-01-01', timestamp '2024-01-01', 'company created', company_id
    ) as created_at
from numbered
order by company_id;

drop table company_drafts;
