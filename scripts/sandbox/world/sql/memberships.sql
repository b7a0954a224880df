-- Who is in which source, how often, since when, and under which id.
-- Numbers (`number`) identify a membership in every draw of its faults.

create temp table personas as
select
    person_id,
    created_at,
    case
        when company_id is not null then 'business'
        when chance(0.57, 'persona', person_id) then 'shopper'
        else 'subscriber'
    end as persona
from world.people;

create temp table membership_drafts as
with

chosen as (

    select
        personas.person_id,
        personas.persona,
        personas.created_at as met_at,
        sources.source,
        sources.source_number,
        sources.copies,
        personas.person_id * 16 + sources.source_number as membership_number
    from personas
    cross join sources
    where
        chance(
            case personas.persona
                when 'shopper' then sources.shopper_share
                when 'subscriber' then sources.subscriber_share
                else sources.business_share
            end,
            'is member',
            personas.person_id * 16 + sources.source_number
        )

),

-- Everybody is known somewhere.
known as (

    select * from chosen

    union all

    select
        personas.person_id,
        personas.persona,
        personas.created_at as met_at,
        sources.source,
        sources.source_number,
        sources.copies,
        personas.person_id * 16 + sources.source_number as membership_number
    from personas
    cross join sources
    anti join chosen on personas.person_id = chosen.person_id
    where
        sources.source
        = case when chance(0.5, 'only', personas.person_id) then 'klaviyo' else 'hubspot' end

),

-- Some are entered twice.
copied as (

    select *, 1 as copy from known

    union all

    select *, 2 as copy from known
    where chance(copies, 'entered twice', membership_number)

)

select
    membership_number * 8 + copy as number,
    person_id,
    persona,
    source,
    source_number,
    copy,
    'customer' as kind,
    met_at,
    case
        -- The old CRM was in use before everything else.
        when source = 'files'
            then
                days_after(
                    timestamp '2021-01-01', -1500 * unit('old', membership_number * 8 + copy)
                )
        when copy = 1
            then seconds_after(
                met_at,
                floor(
                    least(200 * 86400, epoch(world_now()) - epoch(met_at) - 3600)
                    * pow(unit('joined', membership_number), 3)
                )
            )
        else between_times(days_after(met_at, 1), world_now(), 'joined again', membership_number)
    end as created_at
from copied;

-- What is tracked on the web is tracked of users of the app.
insert into membership_drafts
select
    (person_id * 16 + 6) * 8 + copy,
    person_id,
    persona,
    'segment_events',
    6,
    copy,
    'customer',
    met_at,
    created_at
from membership_drafts
where source = 'app_database' and chance(0.85, 'is tracked', number);

-- Guests buy without an account; each order is a record of its own.
insert into membership_drafts
select
    (person_id * 16 + 9) * 8 + copy,
    person_id,
    persona,
    'shopify',
    3,
    copy,
    'guest',
    created_at,
    between_times(created_at, world_now(), 'guest order', (person_id * 16 + 9) * 8 + copy)
from personas
cross join range(1, 4) as guest_orders (copy)
where chance(0.12 / copy, 'is guest', (person_id * 16 + 9) * 8 + copy);

-- Records that are of nobody: tests and placeholders. Each is a person of its own in the truth.
insert into membership_drafts
with

numbered as (

    select
        getvariable('customers')
        + row_number() over (order by sources.source_number, copies.copy) as person_id,
        sources.source,
        sources.source_number
    from sources
    cross join range(cast(ceil(getvariable('customers') * 0.007) as bigint)) as copies (copy)
    where sources.junk > 0 and copies.copy < getvariable('customers') * sources.junk

)

select
    (person_id * 16 + source_number) * 8,
    person_id,
    'nobody',
    source,
    source_number,
    1,
    'junk',
    timestamp '2022-01-01',
    between_times(timestamp '2022-01-01', world_now(), 'junk', person_id)
from numbered;

create temp table memberships as
with

numbered as (

    select
        *,
        row_number() over (
            partition by source order by kind = 'guest', created_at, number
        ) as record_number
    from membership_drafts

)

select
    *,
    case source
        when 'hubspot' then cast(101000000 + record_number as varchar)
        when 'stripe' then 'cus_' || token(14, 'customer', number)
        when 'shopify' then cast(6700000000000 + record_number * 32768 as varchar)
        when 'zendesk' then cast(361000000000 + record_number * 20 as varchar)
        when 'klaviyo' then ulid_of(created_at, 'profile', number)
        when 'files' then 'legacy_crm:' || printf('C%06d', record_number)
        when 'app_database' then 'usr_' || printf('%06d', record_number)
    end as own_id
from numbered;

-- An app user, and the id every other source knows a person of the app by.
create temp table app_users as
select person_id, copy, own_id as user_id, created_at
from memberships
where source = 'app_database' and kind = 'customer';

drop table personas;
drop table membership_drafts;
