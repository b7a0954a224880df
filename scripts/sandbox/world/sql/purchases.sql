-- Which customer ordered when: everything else about orders comes once records are written.

create temp table purchase_drafts as
with

counted as (

    select
        *,
        case
            when kind = 'guest' then 1
            when source = 'files' then times(1.3, 20, 'orders', number)
            when persona = 'shopper' then times(3.6, 90, 'orders', number)
            else times(1.4, 40, 'orders', number)
        end as orders
    from memberships
    where source in ('shopify', 'files') and kind <> 'junk'

),

spread as (

    select
        * exclude (orders),
        unnest(range(orders)) as place
    from counted

),

timed as (

    select
        *,
        case
            when kind = 'guest' then created_at
            when place = 0 and source = 'shopify'
                then seconds_after(created_at, 60 + below(3000, 'first order', number))
            else between_times(
                created_at,
                case when source = 'files' then timestamp '2021-06-30' else world_now() end,
                'ordered',
                number * 128 + place
            )
        end as drawn_at
    from spread

),

-- The weeks before Christmas are the busiest.
seasonal as (

    select
        * exclude (drawn_at),
        case
            when
                chance(0.12, 'for christmas', number * 128 + place)
                and place > 0
                and month(drawn_at) < 10
                and year(drawn_at) > year(created_at)
                and year(drawn_at) < 2026
                then drawn_at + to_months(cast(11 - month(drawn_at) as int))
            else drawn_at
        end as ordered_at
    from timed

)

select * from seasonal;

create temp table purchases as
select
    1000 + row_number() over (order by ordered_at, number, place) as order_number,
    number,
    source,
    kind,
    own_id,
    least(ordered_at, seconds_after(world_now(), -600)) as ordered_at
from purchase_drafts;

-- The id each membership's record has in its source.
create temp table record_ids as
select number, own_id as record_id
from memberships
where kind <> 'guest' and source <> 'segment_events'

union all

select number, 'order:' || (5400000000000 + order_number * 32768)
from purchases
where kind = 'guest'

union all

select memberships.number, app_users.user_id
from memberships
inner join app_users
    on memberships.person_id = app_users.person_id and memberships.copy = app_users.copy
where memberships.source = 'segment_events';

drop table purchase_drafts;
