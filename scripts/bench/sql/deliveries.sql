-- What tools deliver of customers, as files; for people as `people.sql` makes them and activity as
-- `activity.sql` does. Round 0 has everything; later rounds have more of people who are known, and
-- all of new ones.

create temp macro told_at(moment) as strftime(moment, '%Y-%m-%dT%H:%M:%S.%gZ');

create temp macro delivered_customers(first, last, round) as table
select
    people_as_typed.* exclude (number, updated_at),
    number as customer_no,
    'usr_' || number as user_id,
    updated_at + to_days(cast(30 * round as int)) as updated_at
from people_as_typed
where number between first and last
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
