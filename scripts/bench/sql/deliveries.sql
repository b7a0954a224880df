-- What tools deliver of customers, as files; for people as `people.sql` makes them and activity as
-- `activity.sql` does. Round 0 has everything; later rounds have more of people who are known, and
-- all of new ones.

create temp macro told_at(moment) as strftime(moment, '%Y-%m-%dT%H:%M:%S.%gZ');

-- One in ten is known twice, the second time without having logged in, by less and otherwise.
create temp macro delivered_customers(first, last, round) as table
with

known as (

    select
        people_as_typed.* exclude (number),
        number as customer_no,
        'usr_' || number as user_id
    from people_as_typed
    where number between first and last

    union all by name

    select
        people_as_typed.* exclude (number) replace (
            case
                when chance(0.2, 'initial', number) then left(trim(given_name), 1) || '.'
                else given_name
            end as given_name,
            case when not chance(0.3, 'mail untold', number) then email end as email,
            case when not chance(0.3, 'phone untold', number) then phone end as phone,
            case when not chance(0.3, 'street untold', number) then street_address end
                as street_address
        ),
        1000000000 + number as customer_no
    from people_as_typed
    where number between first and last and number % 10 = 0

)

select * exclude (updated_at), updated_at + to_days(cast(30 * round as int)) as updated_at
from known
order by customer_no;

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
