{# Both ends count, and what ends before it begins has no numbers. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (first, last, expected) as (

    values
    (1, 3, '1 2 3'),
    (2, 2, '2'),
    (2, 1, null)

),

exploded as (

    select
        first,
        last,
        {{ explode_whole_numbers('first', 'last') }} as number
    from cases

),

collected as (

    select
        first,
        last,
        string_agg(number, ' ' order by number) as actual
    from exploded
    group by first, last

),

results as (

    select
        cases.*,
        collected.actual
    from cases
    left join collected on cases.first = collected.first and cases.last = collected.last

)

select * from results
where actual is distinct from expected
