-- What is known of people: a record each, and of every tenth a second one (of some of them a third),
-- in which things went wrong. Made from the sandbox's people, with its ways of slipping.

create temp table people_records as
with

copies as (

    select
        people.*,
        homes.home_id is not null as has_moved,
        homes.street_address as earlier_street_address,
        homes.unit as earlier_unit,
        homes.city as earlier_city,
        homes.region as earlier_region,
        homes.postcode as earlier_postcode,
        cast(countries.calling_code as varchar) as calling_code,
        unnest(
            range(
                1
                + cast(chance(0.08, 'second', person_id) as int)
                + 2 * cast(chance(0.01, 'third', person_id) as int)
            )
        ) as copy
    from world.people as people
    inner join countries on people.country = countries.country
    left join homes on homes.home_id = 2 * people.person_id + 1

),

numbered as (

    select
        *,
        person_id * 4 + copy as number,
        chance(0.35, 'messy', person_id * 4 + copy) and copy > 0 as is_messy
    from copies

),

slipped as (

    select
        *,
        case
            when is_messy and chance(0.25, 'given typo', number) then typo(given_name, 'given', number)
            when copy > 0 and chance(0.03, 'initial', number) then left(given_name, 1) || '.'
            else given_name
        end as given_slipped,
        case
            when is_messy and chance(0.25, 'family typo', number)
                then typo(family_name, 'family', number)
            else family_name
        end as family_slipped,
        is_messy and chance(0.06, 'swapped', number) as is_swapped,
        copy > 0 and has_moved as is_earlier
    from numbered

)

select
    number,
    person_id,
    chance(0.01, 'later', number) as is_later,
    case when is_swapped then family_slipped else given_slipped end as given_name,
    case when is_swapped then given_slipped else family_slipped end as family_name,
    case when chance(0.2, 'middle told', number) then middle_name end as middle_name,
    name_suffix,
    case
        when chance(0.25, 'born untold', number) then null
        when is_messy and day(birth_date) <= 12 and chance(0.1, 'day and month', number)
            then make_date(year(birth_date), day(birth_date), month(birth_date))
        when is_messy and chance(0.1, 'day wrong', number)
            then make_date(year(birth_date), month(birth_date), 1 + below(28, 'day', number))
        else birth_date
    end as birth_date,
    case when chance(0.6, 'gender told', number) then gender end as gender,
    case
        when chance(0.2, 'mail untold', number) then null
        when copy > 0 and second_email is not null and chance(0.4, 'second mail', number)
            then second_email
        when is_messy and chance(0.1, 'mail typo', number)
            then typo(split_part(email, '@', 1), 'mail', number) || '@' || split_part(email, '@', 2)
        else email
    end as email,
    case
        when chance(0.35, 'phone untold', number) then null
        when copy > 0 and chance(0.3, 'other phone', number)
            then '+' || calling_code || fill_digits(
                left(substr(phone, 2 + length(calling_code)), 3) || '######',
                20000000 + number
            )
        else phone
    end as phone,
    case
        when not chance(0.7, 'address told', number) then null
        when is_earlier then earlier_street_address
        else street_address
    end as street_address,
    case
        when not chance(0.7, 'address told', number) then null
        when is_earlier then earlier_unit
        else unit
    end as unit,
    case
        when not chance(0.85, 'city told', number) then null
        when is_earlier then earlier_city
        else city
    end as city,
    case when is_earlier then earlier_region else region end as region,
    case
        when not chance(0.77, 'postcode told', number) then null
        when is_earlier then earlier_postcode
        else postcode
    end as postcode,
    country,
    job_title,
    created_at + to_days(copy * cast(below(200, 'later', number) as int)) as created_at,
    created_at + to_days(200 + copy * cast(below(200, 'later', number) as int)) as updated_at
from slipped;
