-- What tools deliver of customers, as files; for people as `people.sql` makes them and activity as
-- `activity.sql` does. Round 0 has everything; later rounds have more of people who are known, and
-- all of new ones.

-- One in ten is known twice: a thousand million further on, without having logged in, by less, and
-- with the slips of the sandbox.
insert into people by name
select
    * exclude (second) replace (
        second as number,
        case
            when chance(0.15, 'initial', second) then left(given_name, 1) || '.'
            when chance(0.15, 'given typo', second) then typo(given_name, 'given', second)
            else given_name
        end as given_name,
        case
            when chance(0.15, 'family typo', second) then typo(family_name, 'family', second)
            else family_name
        end as family_name,
        birth_date + cast(
            case
                when chance(0.05, 'other day', second) then 1 + below(20, 'days', second)
                when chance(0.05, 'other year', second) then 365 * (1 + below(9, 'years', second))
                when chance(0.05, 'other age', second) then 3650 + below(5000, 'age', second)
                else 0
            end as int
        ) as birth_date,
        case
            when chance(0.3, 'mail untold', second) then null
            when chance(0.15, 'mail typo', second)
                then typo(split_part(email, '@', 1), 'mail', second)
                || '@' || split_part(email, '@', 2)
            when chance(0.15, 'other mailbox', second)
                then split_part(email, '@', 1) || '@'
                || choose(['example.net', 'example.org'], 'mailbox', second)
            else email
        end as email,
        case
            when chance(0.3, 'phone untold', second) then null
            when chance(0.15, 'other digit', second) then left(phone, -1) || below(10, 'digit', second)
            else phone
        end as phone,
        case
            when chance(0.3, 'street untold', second) then null
            when chance(0.15, 'street typo', second) then typo(street_address, 'street', second)
            else street_address
        end as street_address,
        case when not chance(0.2, 'postcode untold', second) then postcode end as postcode,
        case when chance(0.15, 'city typo', second) then typo(city, 'city', second) else city end
            as city
    )
from (select *, 1000000000 + number as second from people where number % 10 = 0) as known;

create temp macro told_at(moment) as strftime(moment, '%Y-%m-%dT%H:%M:%S.%gZ');

create temp macro delivered_customers(first, last, round) as table
select
    people_as_typed.* exclude (number, updated_at),
    number as customer_no,
    case when number < 1000000000 then 'usr_' || number end as user_id,
    updated_at + to_days(cast(30 * round as int)) as updated_at
from people_as_typed
where number % 1000000000 between first and last
order by number;

create temp macro delivered_orders(first, last, round) as table
select
    round || '-' || order_id as order_no,
    cast(split_part(customer_record_id, ':', 2) as bigint) as customer_no,
    ordered_at + to_days(cast(30 * round as int)) as ordered_at,
    status,
    currency,
    amount,
    product_id
from raw_orders(2 * (first - 1), 2 * last);

create temp macro delivered_events(first, last, round) as table
select
    json_object(
        'messageId', message_id || '_' || round,
        'type', type,
        'event', event,
        'name', name,
        'userId', user_id,
        'anonymousId', anonymous_id,
        'timestamp', told_at(timestamp + to_days(cast(30 * round as int))),
        'receivedAt', told_at(received_at + to_days(cast(30 * round as int))),
        'context', cast(context as json),
        'properties', cast(properties as json)
    ) as line
from raw_events(10 * (first - 1), 10 * last);
