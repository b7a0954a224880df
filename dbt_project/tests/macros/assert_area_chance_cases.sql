{# A postcode says more than its city; what is missing is not in common. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

records (record_number, postcode, postcode_chance, city_chance) as (

    values
    (1, '02139', 0.001, 0.25),
    (2, '02139', 0.001, 0.25),
    (3, '02141', 0.002, 0.25),
    (4, null, null, 0.25)

),

cases (record_number, other_record_number, expected) as (

    values
    (1, 2, 0.001),
    (1, 3, 0.25),
    (1, 4, 0.25),
    (4, 1, 0.25)

),

results as (

    select
        cases.*,
        {{ area_chance('here', 'there') }} as actual
    from cases
    inner join records as here
        on cases.record_number = here.record_number
    inner join records as there
        on cases.other_record_number = there.record_number

)

select * from results
where actual is distinct from expected
