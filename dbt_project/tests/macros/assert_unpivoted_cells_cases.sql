{# Every cell is taken once, empty ones too, whatever its column is called. #}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'data'}) }}

with

given (name, two_words) as ( -- noqa: ST03

    values
    ('a', 1),
    ('b', null)

),

expected (column_name, value) as (

    values
    ('name', 'a'),
    ('name', 'b'),
    ('two_words', '1'),
    ('two_words', null)

),

actual as (

    select * from {{ unpivoted_cells('given', ['name', 'two_words']) }}

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
