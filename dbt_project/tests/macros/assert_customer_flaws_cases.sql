{# A fact without a customer is in no customer's numbers, and has to say so. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (record_key, customer_id, expected) as (

    values
    ('a:1', 'cus_1', null),
    (null, 'cus_1', null),
    ('a:1', null, 'customer_unknown'),
    (null, null, 'customer_missing')

),

results as (

    select
        *,
        {{ customer_flaws('record_key', 'customer_id') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
