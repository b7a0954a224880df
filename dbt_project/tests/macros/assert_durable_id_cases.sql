{#
    The id of a customer is kept outside the warehouse: what it is made of must not change
    unnoticed.
#}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('hubspot:101', 'cus_' || left(md5('hubspot:101'), 20)),
    ('stripe:cus_1', 'cus_' || left(md5('stripe:cus_1'), 20)),
    (null, null)

),

results as (

    select
        *,
        {{ durable_id('cus', 'given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
