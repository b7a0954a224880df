-- Devices, logins, consents and calls of the tracking library.

-- Devices are numbered by their owner; a household may share one, numbered by the household.
create temp macro device_of(number, household_id, place) as
    case
        when place = 0 and chance(0.12, 'shares device', household_id)
            then 1000000000000 + household_id
        else number * 4 + place
    end;

create temp macro device_type_of(device) as
    choose(
        ['desktop', 'desktop', 'desktop', 'mobile', 'mobile', 'mobile', 'tablet'], 'device', device
    );

create temp macro address_of(device, number) as
    choose(['192.0.2.', '198.51.100.', '203.0.113.'], 'network', device)
    || (
        1
        + below(
            254, 'address', case when device_type_of(device) = 'mobile' then number else device end
        )
    );

create table world.logins as
with

counted as (

    select *, 1 + times(2.6, 120, 'logins', number) as logins
    from records
    where source = 'app_database' and kind = 'customer'

),

spread as (

    select
        *,
        unnest(range(logins)) as place
    from counted

),

placed as (

    select
        record_id as user_id,
        number * 128 + place as login_number,
        case
            when place = 0 then seconds_after(created_at, 30)
            else between_times(created_at, world_now(), 'logs in', number * 128 + place)
        end as logged_in_at,
        device_of(number, household_id, mostly_low(3, 'which device', number * 128 + place))
            as device
    from spread

),

described as (

    select *, device_type_of(device) as device_type from placed

)

select
    row_number() over (order by described.logged_in_at, described.login_number) as login_id,
    described.user_id,
    uuid_of('device', described.device) as device_id,
    described.device_type,
    user_agents.user_agent,
    address_of(described.device, described.login_number) as ip,
    described.logged_in_at
from described
inner join user_agents
    on described.device_type = user_agents.device_type
    and user_agents.place = below(3, 'agent', described.device)
order by login_id;

create table world.consents as
with

users as (

    select * from records
    where source = 'app_database' and kind = 'customer'

),

told as (

    select
        number * 8 as consent_number,
        record_id as user_id,
        'marketing' as purpose,
        'email' as channel,
        'granted' as status,
        'sign-up form' as evidence,
        seconds_after(created_at, 20) as recorded_at
    from users
    where email_consent <> 'never_subscribed'

    union all

    select
        number * 8 + 1,
        record_id,
        'marketing',
        'email',
        'withdrawn',
        choose(['preference centre', 'unsubscribe link', 'support request'], 'evidence', number),
        greatest(consent_at, seconds_after(created_at, 60))
    from users
    where email_consent = 'unsubscribed'

    union all

    select
        number * 8 + 2,
        record_id,
        'analytics',
        'any',
        case when chance(0.7, 'allows analytics', number) then 'granted' else 'withdrawn' end,
        'cookie banner',
        seconds_after(created_at, 5)
    from users

    union all

    select
        number * 8 + 3,
        record_id,
        'marketing',
        'sms',
        'granted',
        'checkout',
        between_times(created_at, world_now(), 'sms consent', number)
    from users
    where phone is not null and chance(0.15, 'allows sms', number)

)

select
    row_number() over (order by recorded_at, consent_number) as consent_id,
    user_id,
    purpose,
    channel,
    status,
    evidence,
    recorded_at
from told
order by consent_id;

-- Visits: of users, logged in or not, and of people who never say who they are.
create temp table visits as
with

tracked as (

    select
        number,
        household_id,
        record_id as user_id,
        created_at,
        company_id,
        unnest(range(1 + times(1.1, 60, 'visits', number))) as place
    from records
    where source = 'segment_events' and kind = 'customer'

),

known as (

    select
        number * 64 + place as visit_number,
        number,
        user_id,
        company_id,
        device_of(
            number,
            household_id,
            case when place = 0 then 0 else mostly_low(3, 'visit device', number * 64 + place) end
        ) as device,
        case
            -- The visit of the sign-up begins before it.
            when place = 0 then seconds_after(created_at, -below(900, 'before sign-up', number))
            else between_times(created_at, world_now(), 'visits', number * 64 + place)
        end as started_at,
        case when place = 0 then created_at end as signed_up_at,
        place = 0 or chance(0.7, 'logs in again', number * 64 + place) as logs_in
    from tracked

),

unknown as (

    select
        2000000000000 + visitor * 4 + place as visit_number,
        cast(null as bigint) as number,
        cast(null as varchar) as user_id,
        cast(null as int) as company_id,
        2000000000000 + visitor as device,
        between_times(
            timestamp '2023-01-01', world_now(), 'stranger', 2000000000000 + visitor * 4 + place
        ) as started_at,
        cast(null as timestamp) as signed_up_at,
        false as logs_in
    from range(getvariable('customers') // 3) as visitors (visitor)
    cross join range(2) as places (place)
    where place = 0 or chance(0.3, 'comes again', 2000000000000 + visitor)

),

visits as (

    select * from known

    union all

    select * from unknown

)

select
    visits.*,
    uuid_of('device', visits.device) as anonymous_id,
    device_type_of(visits.device) as device_type,
    user_agents.user_agent,
    address_of(visits.device, visits.visit_number) as ip,
    case
        when visits.logs_in
            then coalesce(
                visits.signed_up_at,
                seconds_after(
                    visits.started_at, 20 + below(200, 'logs in after', visits.visit_number)
                )
            )
    end as logged_in_at,
    choose([
        'direct',
        'direct',
        'https://www.google.com/|google|organic',
        'https://www.google.com/|google|cpc',
        'https://www.instagram.com/|instagram|social',
        'https://www.bing.com/|bing|organic',
        'newsletter'
    ], 'referrer', visits.visit_number) as origin,
    choose(['spring', 'summer', 'holiday', 'brand'], 'utm campaign', visits.visit_number) as utm
from visits
inner join user_agents
    on device_type_of(visits.device) = user_agents.device_type
    and user_agents.place = below(3, 'agent', visits.device);

create temp table visit_events as
-- Pages, or screens of the app, and what is done on them.
with

paged as (

    select
        *,
        unnest(range(1 + mostly_low(7, 'pages', visit_number))) as place
    from visits

),

drawn as (

    select
        *,
        visit_number * 16 + place as event_number,
        seconds_after(
            started_at, place * 70 + below(60, 'reads for', visit_number * 16 + place)
        ) as occurred_at,
        choose([
            '/|Home', '/new|New arrivals', '/products/wool-throw|Wool throw',
            '/products/desk-lamp|Desk lamp', '/products/standing-desk|Standing desk',
            '/pricing|Pricing',
            '/cart|Cart',
            '/account|Your account',
            '/help|Help',
            '/journal|Journal'
        ], 'page', visit_number * 16 + place) as page,
        case
            when place > 0 and chance(0.35, 'does something', visit_number * 16 + place)
                then choose([
                    'Product Viewed', 'Product Viewed', 'Product Added', 'Checkout Started',
                    'Order Completed', 'Products Searched', 'Trial Started'
                ], 'deed', visit_number * 16 + place)
        end as deed,
        mostly_low(
            (select count(*) from shelf), 'event product', visit_number * 16 + place
        ) as shelf_place
    from paged

)

select
    event_number,
    visit_number,
    case
        when deed is not null then 'track'
        when device_type = 'mobile' then 'screen'
        else 'page'
    end as event_type,
    coalesce(deed, split_part(page, '|', 2)) as event_name,
    case when occurred_at >= logged_in_at then user_id end as user_id,
    cast(null as varchar) as group_id,
    cast(null as varchar) as previous_id,
    occurred_at,
    split_part(page, '|', 1) as page_path,
    split_part(page, '|', 2) as page_title,
    drawn.place = 0 as is_landing,
    case
        when deed = 'Products Searched'
            then
                json_object(
                    'query', choose(['lamp', 'gift', 'desk', 'wool'], 'query', event_number)
                )
        when deed in ('Product Viewed', 'Product Added')
            then json_object(
                'product_id',
                shelf.product_id,
                'name',
                shelf.name,
                'sku',
                shelf.sku,
                'price',
                shelf.price
            )
        when deed = 'Order Completed'
            then json_object(
                'total', 10 + below(200, 'event total', event_number), 'currency', 'USD'
            )
        when deed is not null then json_object('plan', 'Team')
        else json_object('title', split_part(page, '|', 2))
    end as properties,
    cast(null as json) as traits
from drawn
inner join shelf on drawn.shelf_place = shelf.place
where occurred_at < world_now();

-- At the sign-up everything known is told, later only who it is.
insert into visit_events
select
    visits.visit_number * 16 + 8,
    visits.visit_number,
    'identify',
    null,
    visits.user_id,
    null,
    null,
    visits.logged_in_at,
    '/account',
    'Your account',
    false,
    json('{}'),
    json_merge_patch(
        json('{}'),
        case
            when visits.signed_up_at is null then json_object('email', records.email)
            else json_object(
                'email', records.email,
                'firstName', records.given_name,
                'lastName', records.family_name,
                'name', records.full_name,
                'phone', records.phone,
                'birthday', records.birth_date,
                'gender', records.gender,
                'company', case
                    when records.company_name is not null
                        then json_object('name', records.company_name)
                end,
                'title', records.job_title,
                'createdAt', strftime(records.created_at, '%Y-%m-%dT%H:%M:%S.000Z')
            )
        end
    )
from visits
inner join records on visits.number = records.number
where visits.logs_in and visits.logged_in_at < world_now();

-- Some versions of the app tied the visitor to the user by an alias.
insert into visit_events
select
    visit_number * 16 + 9,
    visit_number,
    'alias',
    null,
    user_id,
    null,
    anonymous_id,
    seconds_after(logged_in_at, 1),
    '/account',
    'Your account',
    false,
    json('{}'),
    null
from visits
where signed_up_at is not null and chance(0.15, 'is aliased', visit_number);

insert into visit_events
select
    visits.visit_number * 16 + 10,
    visits.visit_number,
    'group',
    null,
    visits.user_id,
    companies.domain,
    null,
    seconds_after(visits.logged_in_at, 2),
    '/account',
    'Your account',
    false,
    json('{}'),
    json_object(
        'name', companies.name, 'industry', companies.industry, 'employees', companies.employees
    )
from visits
inner join world.companies on visits.company_id = companies.company_id
where visits.logs_in and visits.logged_in_at < days_after(world_now(), -1);

create table world.web_events as
select
    uuid_of('message', events.event_number) as message_id,
    events.event_type,
    events.event_name,
    events.user_id,
    visits.anonymous_id,
    events.group_id,
    events.previous_id,
    events.occurred_at,
    -- A phone without a signal sends what it kept days later.
    least(
        world_now(),
        case
            when visits.device_type = 'mobile' and chance(0.02, 'sent late', events.visit_number)
                then
                    days_after(
                        events.occurred_at, 0.1 + 20 * pow(unit('late by', events.visit_number), 3)
                    )
            else seconds_after(events.occurred_at, 1 + below(5, 'sent after', events.event_number))
        end
    ) as received_at,
    'https://shop.fernhill.example' || events.page_path as page_url,
    events.page_path,
    events.page_title,
    case
        when
            events.is_landing and contains(visits.origin, '|')
            then split_part(visits.origin, '|', 1)
    end as referrer,
    case
        when not events.is_landing then null
        when visits.origin = 'newsletter' then 'klaviyo'
        when contains(visits.origin, '|') and not contains(visits.origin, 'organic')
            then split_part(visits.origin, '|', 2)
    end as utm_source,
    case
        when not events.is_landing then null
        when visits.origin = 'newsletter' then 'email'
        when contains(visits.origin, '|') and not contains(visits.origin, 'organic')
            then split_part(visits.origin, '|', 3)
    end as utm_medium,
    case
        when
            events.is_landing
            and visits.origin <> 'direct'
            and not contains(visits.origin, 'organic')
            then visits.utm
    end as utm_campaign,
    visits.device_type,
    visits.user_agent,
    visits.ip,
    events.properties,
    events.traits
from visit_events as events
inner join visits on events.visit_number = visits.visit_number
order by received_at, message_id;

drop table visits;
drop table visit_events;
