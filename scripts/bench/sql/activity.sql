-- What people do in a shop and on its site, as the raw tables have it; for people as `people.sql`
-- makes them. Each has ten events in three visits, the first of them before logging in, and two orders.

create temp macro seconds_on(person, visit) as
    below(86400, 'second', person * 4 + visit);

create temp macro visited_at(person, visit) as
    timestamp '2024-01-01'
    + to_days(cast(below(180, 'first', person) + visit * below(170, 'pause', person) as int))
    + to_seconds(seconds_on(person, visit));

create temp macro raw_events(first, beyond) as table
with

numbered as (

    select
        number,
        number // 10 + 1 as person,
        (number % 10) // 4 as visit,
        number % 10 as place
    from (select unnest(range(first, beyond)) as number)

)

select
    'event_' || number as message_id,
    case when place % 5 = 4 then 'track' else 'page' end as type,
    case when place % 5 = 4 then 'Product Viewed' end as event,
    case when place % 5 <> 4 then 'Page ' || place end as name,
    case when visit > 0 then 'usr_' || person end as user_id,
    'device_' || person || '_' || case when chance(0.2, 'phone', person) then visit else 0 end
        as anonymous_id,
    visited_at(person, visit) + to_seconds(cast(40 * place as bigint)) as timestamp,
    visited_at(person, visit) + to_seconds(cast(40 * place + 1 as bigint)) as received_at,
    case
        when place in (0, 4) and chance(0.4, 'campaign', number)
            then '{"campaign":{"source":"news","medium":"email","name":"c' || place
                || '"},"page":{"path":"/p/' || place || '","url":"https://shop.example/p/"}}'
        else '{"page":{"path":"/p/' || place || '","url":"https://shop.example/p/"}}'
    end as context,
    case when place % 5 = 4 then '{"product_id":"p' || person % 100 || '"}' end as properties,
    '1767225600' as _dlt_load_id,
    'e' || number as _dlt_id
from numbered;

create temp macro raw_orders(first, beyond) as table
select
    'shop:' || number as record_id,
    'shop' as dataset,
    'O' || number as order_id,
    'crm:' || (number // 2 + 1) as customer_record_id,
    visited_at(number // 2 + 1, 1 + number % 2) + to_hours(1) as ordered_at,
    choose(['paid', 'paid', 'paid', 'paid', 'cancelled', 'returned'], 'state', number) as status,
    choose(['USD', 'USD', 'EUR', 'GBP'], 'currency', number) as currency,
    cast(5 + below(20000, 'amount', number) / 100.0 as decimal(18, 4)) as amount,
    cast(1 as decimal(18, 4)) as quantity,
    'p' || number % 100 as product_id,
    'shop.csv' as file,
    number as line,
    '1767225600' as _dlt_load_id,
    'o' || number as _dlt_id
from (select unnest(range(first, beyond)) as number);
