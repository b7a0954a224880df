create table world.tickets as
with

counted as (

    select *, 1 + times(1.3, 30, 'tickets', number) as tickets
    from records
    where source = 'zendesk' and kind = 'customer'

),

spread as (

    select
        *,
        unnest(range(tickets)) as place
    from counted

),

dated as (

    select
        *,
        number * 32 + place as ticket_number,
        between_times(
            created_at, coalesce(deleted_at, world_now()), 'asks', number * 32 + place
        ) as asked_at
    from spread

),

topical as (

    select
        *,
        choose([
            'billing|Invoice is wrong|My last invoice shows an amount I do not recognise.',
            'billing|How do I change my card?|My card expires next month, where can I change it?',
            'billing|Refund please|I was charged twice, please refund one of the payments.',
            'shipping|Where is my order?|The tracking page has not changed for a week.',
            'shipping|Wrong item received|I ordered the slate one and received the sand one.',
            'shipping|Parcel damaged|The box was open and one piece is broken.',
            'account|Cannot log in|I reset my password and still cannot log in.',
            'account|Change my e-mail address|I have a new e-mail address, please change it.',
            'account|Delete my account|Please delete my account and everything you know about me.',
            'product|Feature request|It would help to export the list to a spreadsheet.',
            'product|App is slow|Since the last update every page takes ten seconds.',
            'privacy|What do you know about me?|Please send me a copy of my personal data.'
        ], 'topic', ticket_number) as topic,
        case
            when asked_at < days_after(world_now(), -30) then 'closed'
            when asked_at < days_after(world_now(), -7)
                then choose(['solved', 'solved', 'pending', 'hold'], 'ticket status', ticket_number)
            else
                choose(['new', 'open', 'open', 'pending', 'solved'], 'ticket status', ticket_number)
        end as status
    from dated

),

answered as (

    select
        *,
        case
            when status in ('closed', 'solved')
                then least(
                    days_after(asked_at, 0.02 + 6 * pow(unit('answered after', ticket_number), 2)),
                    world_now()
                )
        end as solved_at
    from topical

),

numbered as (

    select *, row_number() over (order by asked_at, ticket_number) as ticket_id from answered

)

select
    cast(numbered.ticket_id as varchar) as ticket_id,
    numbered.record_id,
    organizations.record_id as organization_record_id,
    split_part(numbered.topic, '|', 2) as subject,
    split_part(numbered.topic, '|', 3) as description,
    numbered.status,
    choose(
        ['normal', 'normal', 'normal', 'low', 'high', 'urgent', null],
        'priority',
        numbered.ticket_number
    ) as priority,
    choose(['email', 'email', 'web', 'chat', 'api'], 'channel', numbered.ticket_number) as channel,
    case
        when chance(0.2, 'is tagged vip', numbered.ticket_number)
            then [split_part(numbered.topic, '|', 1), 'vip']
        else [split_part(numbered.topic, '|', 1)]
    end as tags,
    case
        when numbered.solved_at is not null and chance(0.35, 'is rated', numbered.ticket_number)
            then
                case
                    when chance(0.85, 'rates good', numbered.ticket_number) then 'good' else 'bad'
                end
        when numbered.solved_at is not null then 'offered'
        else 'unoffered'
    end as satisfaction,
    numbered.asked_at as created_at,
    least(
        world_now(),
        case
            when numbered.status = 'closed' then days_after(numbered.solved_at, 4)
            else coalesce(numbered.solved_at, numbered.asked_at)
        end
    ) as updated_at,
    numbered.solved_at,
    chance(0.01, 'ticket deleted', numbered.ticket_number) as is_deleted
from numbered
left join main_organization_records as organizations
    on numbered.company_id = organizations.company_id and organizations.source = 'zendesk'
order by numbered.ticket_id;
