create table world.campaigns as
with

numbered as (

    select
        number,
        days_after(timestamp '2026-06-25 09:00:00', -14 * number) as sent_at,
        choose([
            'New this week', 'Back in stock', 'Members first', 'Last chance', 'From the workshop',
            'Gifts under 50', 'Made to last'
        ], 'campaign', number) as theme
    from range(60) as numbers (number)

)

select
    ulid_of(days_after(sent_at, -5), 'campaign', number) as campaign_id,
    theme || ' ' || strftime(sent_at, '%Y-%m-%d') as name,
    theme as subject,
    sent_at,
    days_after(sent_at, -5) as created_at,
    sent_at as updated_at
from numbered
order by sent_at;

create temp table campaign_numbers as
select *, row_number() over (order by sent_at) as place from world.campaigns;

create temp table readers as
select
    number,
    record_id,
    created_at,
    email_consent,
    consent_at,
    -- Some open everything, most little.
    0.05 + 0.8 * pow(unit('reads', number), 2) as opens,
    chance(0.015, 'mailbox gone', number) as bounces
from records
where
    source = 'klaviyo'
    and kind = 'customer'
    and email is not null
    and email_consent <> 'never_subscribed';

create temp table received as
select
    readers.*,
    campaigns.campaign_id,
    campaigns.sent_at,
    readers.number * 64 + campaigns.place as mail_number
from readers
inner join campaign_numbers as campaigns
    on campaigns.sent_at > readers.created_at
    and (readers.email_consent = 'subscribed' or campaigns.sent_at < readers.consent_at)
where chance(0.2, 'is sent', readers.number * 64 + campaigns.place);

create temp table email_event_drafts as
select
    mail_number * 8 as event_number,
    record_id,
    campaign_id,
    case when bounces then 'bounced' else 'received' end as event_type,
    seconds_after(sent_at, below(3600, 'received after', mail_number)) as occurred_at,
    null as url
from received

union all

select
    mail_number * 8 + 1,
    record_id,
    campaign_id,
    'opened',
    seconds_after(sent_at, 3600 + below(2 * 86400, 'opened after', mail_number)),
    null
from received
where not bounces and chance(opens, 'opens', mail_number)

union all

select
    mail_number * 8 + 2,
    record_id,
    campaign_id,
    'clicked',
    seconds_after(
        sent_at,
        3660
        + below(2 * 86400, 'opened after', mail_number)
        + below(600, 'clicked after', mail_number)
    ),
    'https://shop.fernhill.example'
    || choose(['/new', '/sale', '/products/wool-throw', '/journal'], 'link', mail_number)
from received
where
    not bounces
    and chance(opens, 'opens', mail_number)
    and chance(0.3, 'clicks', mail_number);

insert into email_event_drafts
select
    readers.number * 512 + 7,
    readers.record_id,
    campaigns.campaign_id,
    'unsubscribed',
    readers.consent_at,
    null
from readers
asof inner join campaign_numbers as campaigns on readers.consent_at >= campaigns.sent_at
where readers.email_consent = 'unsubscribed';

create table world.email_events as
select
    token(22, 'email event', event_number) as event_id,
    record_id,
    campaign_id,
    event_type,
    occurred_at,
    url
from email_event_drafts
where occurred_at < world_now()
order by occurred_at, event_id;

drop table readers;
drop table received;
drop table email_event_drafts;
