-- Lines of Segment calls, from the lists and macros of the sandbox's world.

create temp macro stamp(moment) as strftime(moment, '%Y-%m-%dT%H:%M:%S.%gZ');

-- Calls numbered from `first` up to, not including, `beyond`. One in a thousand is malformed.
create temp macro event_lines(first, beyond) as table
with

choices as (

    select
        (select list(user_agent order by place, device_type) from user_agents) as agents,
        (select list(name order by name) from products) as products,
        (select list(price order by name) from products) as prices

),

numbered as (

    select
        numbers.number,
        -- A visitor makes twenty calls in a row.
        numbers.number // 20 as visit,
        timestamp '2026-01-01' + to_milliseconds(700 * numbers.number) as happened_at,
        choose(['track', 'track', 'track', 'page', 'identify'], 'kind', numbers.number) as kind,
        1 + below(len(choices.products), 'product', numbers.number) as product,
        choices.*
    from (select unnest(range(first, beyond)) as number) as numbers
    cross join choices

),

described as (

    select
        *,
        'usr_' || below(200000, 'user', visit) as user_id,
        products[product] as product_name,
        plain(products[product], '-') as product_path,
        case
            when kind = 'track'
                then choose(
                    ['Product Viewed', 'Product Added', 'Order Completed'], 'event', number
                )
        end as event,
        case when kind = 'page' then choose(['Product', 'Collection'], 'page', number) end as page
    from numbered

),

written as (

    select
        number,
        concat(
            '{"messageId":"', uuid_of('message', number), '","type":"', kind, '"',
            ',"event":"' || event || '"',
            ',"name":"' || page || '"',
            case when kind = 'identify' or visit % 3 = 0 then ',"userId":"' || user_id || '"' end,
            ',"anonymousId":"', uuid_of('visitor', visit), '"',
            ',"timestamp":"', stamp(happened_at), '"',
            ',"originalTimestamp":"', stamp(happened_at - to_milliseconds(40)), '"',
            ',"sentAt":"', stamp(happened_at + to_milliseconds(300)), '"',
            ',"receivedAt":"', stamp(happened_at + to_milliseconds(480)), '"',
            ',"channel":"client","version":2,"writeKey":"wk_shop"',
            ',"context":{"library":{"name":"analytics.js","version":"2.11.1"}',
            ',"ip":"10.', below(256, 'ip', visit), '.', below(256, 'ip 2', visit), '.7"',
            ',"userAgent":"', choose(agents, 'agent', visit), '"',
            ',"locale":"', choose(['en-US', 'de-DE', 'fr-FR'], 'locale', visit), '"',
            ',"page":{"url":"https://shop.example.com/products/', product_path,
            '","path":"/products/', product_path, '","title":"', product_name,
            '","referrer":"https://www.example.org/"}',
            ',"campaign":{"source":"', choose(['search', 'letter', 'none'], 'source', visit),
            '","medium":"', choose(['cpc', 'email', 'none'], 'medium', visit), '"}}',
            case
                when kind = 'identify'
                    then concat(
                        ',"traits":{"email":"', user_id, '@example.com","plan":"',
                        choose(['free', 'team'], 'plan', visit), '"}'
                    )
                else concat(
                    ',"properties":{"product_id":"p-', product, '","name":"', product_name,
                    '","price":', prices[product], ',"currency":"EUR","quantity":',
                    1 + below(4, 'quantity', number), '}'
                )
            end,
            ',"integrations":{"All":true}}'
        ) as line
    from described

),

lines as (

    select
        number,
        case
            when not chance(0.001, 'malformed', number) then line
            else case number % 4
                when 0 then left(line, 300)
                when 1 then replace(line, '"messageId":', '"id":')
                when 2 then replace(line, '"type":"', '"type":"un')
                else replace(line, '"receivedAt":"', '"receivedAt":"about ')
            end
        end as line
    from written

)

select line from lines
order by number;
