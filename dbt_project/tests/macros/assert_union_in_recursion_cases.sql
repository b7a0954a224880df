{# A recursion that shortens what it goes on with ends. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with recursive

cases (given) as (

    values
    ('abc'),
    ('')

),

shortened as (

    select given from cases

    {{ union_in_recursion() }}

    select left(given, length(given) - 1) as given
    from shortened
    where given <> ''

),

expected (given) as (

    values
    ('abc'),
    ('ab'),
    ('a'),
    ('')

),

extra as (

    select distinct given from shortened

    except all

    select given from expected

),

missing as (

    select given from expected

    except all

    select distinct given from shortened

)

select * from extra

union all

select * from missing
