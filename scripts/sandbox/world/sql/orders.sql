create temp macro money(amount, currency) as
    cast(round(amount, case when currency = 'JPY' then 0 else 2 end) as decimal(18, 2));

create table world.products as
with

numbered as (

    select
        *,
        row_number() over (order by name) as number,
        unnest(range(1, 1 + variants)) as variant
    from products

)

select
    cast(7900000000000 + number * 32768 as varchar) as product_id,
    cast(43000000000000 + number * 32768 + variant * 1024 as varchar) as variant_id,
    case
        when variants = 1 then name
        else name || ' / ' || ['Natural', 'Slate', 'Forest', 'Sand'][variant]
    end as name,
    'SKU-' || lpad(cast(number as varchar), 3, '0') || '-' || variant as sku,
    cast(price as decimal(18, 2)) as price
from numbered
order by number, variant;

create temp table shelf as
select *, row_number() over (order by hash(sku), sku) - 1 as place from world.products;

create temp table order_drafts as
select
    purchases.order_number,
    purchases.source,
    purchases.kind,
    purchases.ordered_at,
    records.record_id,
    records.person_id,
    records.email,
    records.phone,
    records.given_name,
    records.family_name,
    records.street_address,
    records.city,
    records.region,
    records.postcode,
    coalesce(records.country, 'US') as country,
    countries.currency,
    countries.price_factor,
    countries.tax_rate
from purchases
inner join records on purchases.number = records.number
inner join countries on records.country = countries.country;

create table world.order_lines as
with

spread as (

    select
        order_number,
        currency,
        price_factor,
        unnest(range(1, 2 + mostly_low(4, 'lines', order_number))) as line_number
    from order_drafts

),

chosen as (

    select
        *,
        mostly_low(
            (select count(*) from shelf), 'product', order_number * 8 + line_number
        ) as place
    from spread

),

picked as (

    select
        chosen.*,
        shelf.* exclude (place),
        cast(1 + mostly_low(3, 'quantity', order_number * 8 + line_number) as int) as quantity
    from chosen
    inner join shelf on chosen.place = shelf.place

),

priced as (

    select *, money(price * price_factor, currency) as unit_price from picked

)

select
    order_number,
    cast(line_number as int) as line_number,
    cast(13000000000000 + order_number * 32768 + line_number * 1024 as varchar) as order_line_id,
    product_id,
    variant_id,
    name as product_name,
    sku,
    quantity,
    unit_price,
    cast(quantity * unit_price as decimal(18, 2)) as amount
from priced
order by order_number, line_number;

create temp table order_sums as
select
    order_number,
    cast(sum(amount) as decimal(18, 2)) as subtotal,
    count(*) as lines,
    arg_max(order_line_id, (amount, -line_number)) as dearest_line_id,
    max(amount) as dearest_amount,
    arg_max(quantity, (amount, -line_number)) as dearest_quantity
from world.order_lines
group by all;

create temp table priced_orders as
with

discounted as (

    select
        drafts.*,
        sums.* exclude (order_number),
        case
            when chance(0.2, 'has discount', drafts.order_number)
                then money(
                    cast(sums.subtotal as double)
                    * choose([0.1, 0.1, 0.15, 0.2, 0.5], 'discount', drafts.order_number),
                    drafts.currency
                )
            else 0.00
        end as discount
    from order_drafts as drafts
    inner join order_sums as sums on drafts.order_number = sums.order_number

),

charged as (

    select
        *,
        money(cast(subtotal - discount as double) * tax_rate, currency) as tax,
        case
            when subtotal - discount >= 75 * price_factor then 0.00
            else money(4.95 * price_factor, currency)
        end as shipping
    from discounted

),

totalled as (

    select *, cast(subtotal - discount + tax + shipping as decimal(18, 2)) as total from charged

)

select
    *,
    case
        when chance(0.03, 'is cancelled', order_number) then 'cancelled'
        when ordered_at > days_after(world_now(), -3) and chance(0.4, 'is pending', order_number)
            then 'pending'
        when source = 'shopify' and total > 0 and ordered_at < days_after(world_now(), -45)
            then case
                when chance(0.03, 'is refunded', order_number) then 'refunded'
                when
                    lines > 1
                    and dearest_amount > discount
                    and chance(0.06, 'is partly refunded', order_number)
                    then 'partially_refunded'
                else 'paid'
            end
        else 'paid'
    end as status
from totalled;

create table world.order_refunds as
select
    cast(880000000000 + order_number * 8 as varchar) as refund_id,
    order_number,
    days_after(ordered_at, 1 + 40 * unit('refunded after', order_number)) as refunded_at,
    case
        when status = 'refunded' then total
        else money(
            cast(dearest_amount as double)
            * (1 - cast(discount as double) / cast(subtotal as double)),
            currency
        )
    end as amount,
    case when status = 'partially_refunded' then dearest_line_id end as order_line_id,
    case when status = 'partially_refunded' then dearest_quantity end as quantity,
    choose(
        ['Changed mind', 'Damaged in transit', 'Wrong size', 'Arrived too late', null],
        'refund note', order_number
    ) as note
from priced_orders
where status in ('refunded', 'partially_refunded')
order by order_number;

create table world.orders as
with

ended as (

    select
        orders.*,
        refunds.refunded_at,
        case
            when orders.status = 'cancelled'
                then least(
                    days_after(orders.ordered_at, 2 * unit('cancelled after', orders.order_number)),
                    world_now()
                )
        end as cancelled_at
    from priced_orders as orders
    left join world.order_refunds as refunds on orders.order_number = refunds.order_number

)

select
    order_number,
    source,
    case source
        when 'shopify' then cast(5400000000000 + order_number * 32768 as varchar)
        else 'LO-' || year(ordered_at) || '-' || order_number
    end as order_id,
    case when kind <> 'guest' then record_id end as record_id,
    email,
    case when kind = 'guest' or chance(0.7, 'order phone', order_number) then phone end as phone,
    given_name,
    family_name,
    street_address,
    city,
    region,
    postcode,
    country,
    ordered_at,
    least(
        coalesce(
            refunded_at,
            cancelled_at,
            days_after(ordered_at, 4 * unit('order updated', order_number))
        ),
        world_now()
    ) as updated_at,
    status,
    cancelled_at,
    currency,
    subtotal,
    cast(discount as decimal(18, 2)) as discount,
    tax,
    cast(shipping as decimal(18, 2)) as shipping,
    total
from ended
order by order_number;

drop table purchases;
drop table order_drafts;
drop table order_sums;
drop table priced_orders;
