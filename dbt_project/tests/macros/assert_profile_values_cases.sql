{# Every measure of the audit, of marts and of raw files alike, is one of these counts. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

junk_values as (

    select * from {{ ref('junk_values') }}

),

country_aliases as (

    select * from {{ ref('country_aliases') }}

),

region_aliases as (

    select * from {{ ref('region_aliases') }}

),

currency_aliases as (

    select * from {{ ref('currency_aliases') }}

),

boolean_words as (

    select * from {{ ref('boolean_words') }}

),

month_names as (

    select * from {{ ref('month_names') }}

),

given (source, table_name, column_name, value, digest, cell_count) as (

    values
    ('crm', 'people', 'email', 'ana@example.com', 1, 2),
    ('crm', 'people', 'email', 'bob@example.com ', 2, 1),
    ('crm', 'people', 'email', 'n/a', 3, 4),
    ('crm', 'people', 'email', null, 4, 3),
    ('crm', 'people', 'born', '1985-03-12', 1, 1),
    ('crm', 'people', 'born', '12/03/1985', 2, 7),
    ('crm', 'people', 'born', '1st März 1985', 4, 1),
    ('crm', 'people', 'born', '31/31/1985', 3, 1),
    ('crm', 'people', 'notes', null, 1, 10),
    ('shop', 'people', 'email', 'ana@example.com', 1, 1)

),

sampled as (

    select * from {{ sampled_values('given') }}

),

expected (
    source, table_name, column_name, row_count, filled_count, distinct_count, repeated_count,
    placeholder_count, padded_count, email_count, date_count, formats, shapes
) as (

    values
    (
        'crm', 'people', 'email', 10, 7, 3, 6, 4, 1, 3, 0,
        '{"lower case":4,"e-mail":3}', '{"a/a":4,"aaa@aaa.aaa":2,"aaa@aaa.aaa ":1}'
    ),
    (
        'crm', 'people', 'born', 10, 10, 4, 7, 0, 0, 0, 9,
        '{"date with /":8,"date y-m-d":1,"text":1}',
        '{"99/99/9999":8,"9999-99-99":1,"9aa Aaaa 9999":1}'
    ),
    ('crm', 'people', 'notes', 10, 0, 0, 0, 0, 0, 0, 0, '{}', '{}'),
    (
        'shop', 'people', 'email', 1, 1, 1, 0, 0, 0, 1, 0,
        '{"e-mail":1}', '{"aaa@aaa.aaa":1}'
    )

),

actual as (

    select
        source,
        table_name,
        column_name,
        row_count,
        filled_count,
        distinct_count,
        repeated_count,
        placeholder_count,
        padded_count,
        email_count,
        date_count,
        formats,
        shapes
    from {{ profile_values('sampled') }}

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
