{# The last range that begins at or before a number, whether it holds it or not. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

given (country, number) as (

    values
    ('GB', 105),
    ('GB', 199),
    ('GB', 250),
    ('US', 105),
    ('FR', 105),
    ('GB', 99),
    ('GB', null)

),

ranges (range_country, first_number, last_number) as (

    values
    ('GB', 100, 150),
    ('GB', 200, 299),
    ('US', 100, 109)

),

expected (country, number, last_number) as (

    values
    ('GB', 105, 150),
    ('GB', 199, 150),
    ('GB', 250, 299),
    ('US', 105, 109),
    ('FR', 105, null),
    ('GB', 99, null),
    ('GB', null, null)

),

actual as (

    select * from {{ with_range(
        'given', 'ranges', 'number', 'first_number', ['last_number'], 'country', 'range_country'
    ) }}

),

differences as (

    (
        select * from expected
        except all
        select * from actual
    )

    union all

    (
        select * from actual
        except all
        select * from expected
    )

)

select * from differences
