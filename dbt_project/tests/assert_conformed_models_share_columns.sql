{#
    `union all` goes by position. A source whose columns stand in another order, or have another
    type, would put its values under the wrong names without a word.
#}

-- depends_on: {{ ref('int_consents__unioned') }}
-- depends_on: {{ ref('int_deals__unioned') }}
-- depends_on: {{ ref('int_email_events__unioned') }}
-- depends_on: {{ ref('int_events__unioned') }}
-- depends_on: {{ ref('int_identifiers__unioned') }}
-- depends_on: {{ ref('int_invoices__unioned') }}
-- depends_on: {{ ref('int_order_lines__unioned') }}
-- depends_on: {{ ref('int_orders__unioned') }}
-- depends_on: {{ ref('int_organization_members__unioned') }}
-- depends_on: {{ ref('int_organizations__unioned') }}
-- depends_on: {{ ref('int_payments__unioned') }}
-- depends_on: {{ ref('int_person_records__unioned') }}
-- depends_on: {{ ref('int_subscriptions__unioned') }}
-- depends_on: {{ ref('int_tickets__unioned') }}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'data'}) }}

with

conformed_columns as (

    select
        table_name,
        split_part(table_name, '__', 1) as source_part,
        split_part(table_name, '__', 2) as entity_part,
        column_position,
        column_name,
        data_type
    from {{ column_types(ref('int_person_records__unioned').schema) }}

),

contract_columns as (

    select
        substr(source_part, 5) as entity,
        column_position,
        column_name,
        data_type
    from conformed_columns
    where entity_part = 'unioned'

),

source_columns as (

    select
        table_name,
        entity_part as entity,
        column_position,
        column_name,
        data_type
    from conformed_columns
    where entity_part in (select contract_columns.entity from contract_columns)

),

source_tables as (

    select distinct
        table_name,
        entity
    from source_columns

),

expected_columns as (

    select
        source_tables.table_name,
        contract_columns.column_position,
        contract_columns.column_name,
        contract_columns.data_type
    from source_tables
    inner join contract_columns
        on source_tables.entity = contract_columns.entity

),

compared as (

    select
        coalesce(expected_columns.table_name, source_columns.table_name) as table_name,
        coalesce(expected_columns.column_position, source_columns.column_position)
            as column_position,
        expected_columns.column_name as expected_column_name,
        source_columns.column_name,
        expected_columns.data_type as expected_data_type,
        source_columns.data_type
    from expected_columns
    full outer join source_columns
        on
            expected_columns.table_name = source_columns.table_name
            and expected_columns.column_position = source_columns.column_position

)

select * from compared
where
    expected_column_name is distinct from column_name
    or expected_data_type is distinct from data_type
