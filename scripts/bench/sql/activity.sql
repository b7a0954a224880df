-- What people do in a shop and on its site, as the raw tables have it; for people as `people.sql`
-- makes them. Each has ten events in three visits, the first of them before logging in, and two
-- orders. One in ten has a subscription that was billed monthly for up to a year, one in ten wrote
-- to the support desk.

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

create temp macro subscribers(first, beyond) as table
select
    10 * number as number,
    'cus_' || 10 * number as customer,
    'sub_' || 10 * number as subscription,
    timestamp '2024-01-01' + to_days(cast(below(300, 'subscribed', number) as int)) as started_at,
    1 + below(9, 'seats', number) as seats,
    choose([900, 2900, 9900], 'price', number) as cents,
    chance(0.3, 'cancelled', number) as is_cancelled,
    '1767225600' as _dlt_load_id
from (select unnest(range(first, beyond)) as number);

create temp macro raw_payers(first, beyond) as table
select
    customer as id,
    email,
    given_name || ' ' || family_name as name,
    '{"user_id":"usr_' || number || '"}' as metadata,
    epoch(started_at)::bigint as created,
    _dlt_load_id,
    customer as _dlt_id
from subscribers(first, beyond)
inner join people using (number);

create temp macro raw_subscriptions(first, beyond) as table
select
    subscription as id,
    customer,
    case when is_cancelled then 'canceled' else 'active' end as status,
    'usd' as currency,
    '{"data":[{"price":{"id":"price_' || cents || '","unit_amount":' || cents
    || ',"recurring":{"interval":"month","interval_count":1}},"quantity":' || seats || '}]}'
        as items,
    epoch(started_at)::bigint as start_date,
    case when is_cancelled then epoch(started_at + interval 9 month)::bigint end as ended_at,
    epoch(started_at)::bigint as created,
    _dlt_load_id,
    subscription as _dlt_id
from subscribers(first, beyond);

-- Half of them pay for one seat in the first six months.
create temp macro raw_invoices(first, beyond) as table
select
    'in_' || number || '_' || month as id,
    customer,
    case when chance(0.02, 'unpaid', 12 * number + month) then 'open' else 'paid' end as status,
    'usd' as currency,
    'subscription_cycle' as billing_reason,
    '{"subscription_details":{"subscription":"' || subscription || '"}}' as parent,
    '{"finalized_at":' || epoch(started_at + to_months(month))::bigint || '}'
        as status_transitions,
    cents * case when month < 6 and chance(0.5, 'one seat', number) then 1 else seats end as total,
    epoch(started_at + to_months(month))::bigint as created,
    _dlt_load_id,
    'in_' || number || '_' || month as _dlt_id
from subscribers(first, beyond)
cross join (select cast(unnest(range(12)) as int) as month)
where month < 9 or not is_cancelled;

create temp macro raw_requesters(first, beyond) as table
select
    people.number as id,
    people.email,
    people.given_name || ' ' || people.family_name as name,
    'end-user' as role,
    people.created_at,
    '1767225600' as _dlt_load_id,
    'u' || people.number as _dlt_id
from (select unnest(range(first, beyond)) as number) as numbers
inner join people on 10 * numbers.number + 5 = people.number;

create temp macro raw_tickets(first, beyond) as table
select
    number as id,
    10 * number + 5 as requester_id,
    'Where is my order?' as subject,
    choose(['open', 'pending', 'solved', 'closed'], 'ticket', number) as status,
    visited_at(10 * number + 5, 2) as created_at,
    '1767225600' as _dlt_load_id,
    't' || number as _dlt_id
from (select unnest(range(first, beyond)) as number);
