create table world.deals as
with

spread as (

    select
        *,
        number * 4 + place as deal_number
    from records
    cross join range(3) as places (place)
    where
        source = 'hubspot'
        and kind = 'customer'
        and not is_deleted
        and chance(
            case when persona = 'business' then 0.6 else 0.05 end / (1 + 2 * place),
            'has deal', number * 4 + place
        )

),

dated as (

    select
        *,
        between_times(created_at, world_now(), 'deal created', deal_number) as deal_created_at
    from spread

),

staged as (

    select
        *,
        case
            when deal_created_at < days_after(world_now(), -120)
                then case
                    when chance(0.6, 'is won', deal_number) then 'closedwon' else 'closedlost'
                end
            else choose([
                'appointmentscheduled', 'qualifiedtobuy', 'presentationscheduled',
                'decisionmakerboughtin', 'contractsent', 'closedwon', 'closedlost'
            ], 'stage', deal_number)
        end as stage,
        least(
            world_now(), days_after(deal_created_at, 5 + 100 * unit('deal takes', deal_number))
        ) as moved_at
    from dated

),

numbered as (

    select *, row_number() over (order by deal_created_at, deal_number) as place_in_time from staged

)

select
    cast(30000000000 + numbered.place_in_time * 7 as varchar) as deal_id,
    numbered.record_id,
    organizations.record_id as organization_record_id,
    coalesce(numbered.company_name, numbered.full_name) || ' - '
    || choose(
        ['Annual plan', 'Pilot', 'Expansion', 'Office equipment', 'Renewal'],
        'deal name', numbered.deal_number
    ) as deal_name,
    'default' as pipeline,
    numbered.stage,
    countries.currency,
    money(
        500 / pow(unit('deal size', numbered.deal_number) + 0.002, 0.8) * countries.price_factor,
        countries.currency
    ) as amount,
    case when numbered.stage in ('closedwon', 'closedlost') then numbered.moved_at end as closed_at,
    numbered.deal_created_at as created_at,
    numbered.moved_at as updated_at,
    chance(0.01, 'deal deleted', numbered.deal_number) as is_deleted
from numbered
inner join countries on numbered.country = countries.country
left join main_organization_records as organizations
    on numbered.company_id = organizations.company_id and organizations.source = 'hubspot'
order by place_in_time;
