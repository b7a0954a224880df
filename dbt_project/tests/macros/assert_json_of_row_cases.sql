{# A row by the names of its columns; what a column lacks is there, as null. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (order_count, city, is_stale) as (

    values
    (2, 'Oslo', true),
    (null, null, false)

),

results as (

    select
        city,
        cast({{ json_of_row('cases') }} as varchar) as actual
    from cases

),

expected (city, expected) as (

    values
    ('Oslo', '{"order_count":2,"city":"Oslo","is_stale":true}'),
    (null, '{"order_count":null,"city":null,"is_stale":false}')

)

select results.*
from results
inner join expected
    on results.city is not distinct from expected.city
where results.actual is distinct from expected.expected
