-- What HubSpot and Zendesk have written down of companies.
create table world.organization_records as
with

chosen as (

    select
        companies.*,
        sources.source,
        companies.company_id * 32 + sources.source_number * 2 as number,
        sources.share
    from world.companies
    cross join (values ('hubspot', 1, 0.9), ('zendesk', 4, 0.5)) as sources (
        source, source_number, share
    )
    where chance(sources.share, 'is member', companies.company_id * 32 + sources.source_number * 2)

),

copied as (

    select *, 1 as copy from chosen

    union all

    select * replace (number + 1 as number), 2 as copy from chosen
    where chance(0.05, 'company entered twice', number)

),

dated as (

    select
        * replace (
            between_times(created_at, timestamp '2025-06-30', 'company joined', number)
                as created_at
        )
    from copied

),

numbered as (

    select
        *,
        row_number() over (partition by source order by created_at, number) as record_number,
        between_times(created_at, world_now(), 'company updated', number) as updated_at
    from dated

)

select
    source,
    case source
        when 'hubspot' then cast(7700000000 + record_number * 3 as varchar)
        else cast(22000000000 + record_number * 20 as varchar)
    end as record_id,
    record_number,
    company_id,
    case
        when copy = 2 or chance(0.12, 'company short', number)
            then regexp_replace(name, ' [^ ]+$', '')
        when chance(0.05, 'company capitals', number) then upper(name)
        else name
    end as name,
    case
        when chance(0.08, 'domain missing', number) then null
        when chance(0.08, 'domain www', number) then 'www.' || domain
        when chance(0.04, 'domain capitals', number) then upper(domain)
        else domain
    end as domain,
    case
        when chance(0.4, 'phone missing', number) then null
        when chance(0.03, 'phone placeholder', number) then '000-000-0000'
        else phone
    end as phone,
    case when not chance(0.2, 'address missing', number) then street_address end as street_address,
    city,
    region,
    postcode,
    country,
    industry,
    case when not chance(0.3, 'size missing', number) then employees end as employees,
    created_at,
    updated_at,
    chance(0.01, 'company deleted', number) as is_deleted
from numbered
order by source, record_number;

-- The record of a company in a source that its people are put to.
create temp table main_organization_records as
select source, company_id, arg_min(record_id, record_number) as record_id
from world.organization_records
where not is_deleted
group by all;
