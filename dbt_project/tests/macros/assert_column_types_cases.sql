{# How a column is stored is told by the warehouse, not by what someone wrote of it. #}

{{ config(severity='error', meta={'dimension': 'usability', 'owner': 'data'}) }}

-- depends_on: {{ ref('identifier_rules') }}

with

expected (table_name, column_name, column_position, data_type) as (

    values
    ('identifier_rules', 'identifier_type', 1, 'varchar'),
    ('identifier_rules', 'is_linking', 4, 'boolean'),
    ('identifier_rules', 'maximum_names', 8, 'integer')

),

actual as (

    select
        table_name,
        column_name,
        column_position,
        data_type
    from {{ column_types(ref('identifier_rules').schema) }}

),

missing as (

    select * from expected
    except all
    select
        table_name,
        column_name,
        column_position,
        data_type
    from actual

)

select * from missing
