with

columns as (

    select * from {{ ref('int_columns__profiled') }}

),

tables as (

    select * from {{ ref('int_tables__profiled') }}

),

canonical_attributes as (

    select * from {{ ref('canonical_attributes') }}

),

attribute_aliases as (

    select * from {{ ref('attribute_aliases') }}

),

customers as (

    select * from {{ ref('dim_customers') }}

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}

),

legacy_shares as (

    select
        customer_records.source,
        avg(case when customers.is_legacy_only then 1e0 else 0e0 end) as legacy_only_share
    from customer_records
    inner join customers on customer_records.customer_id = customers.customer_id
    group by customer_records.source

),

column_audits as (

    select * from {{ column_audit('columns') }}

),

audited as (

    select
        ---------- ids
        columns.source,
        columns.table_name,
        columns.column_name,

        ---------- text
        columns.data_type,
        column_audits.value_type,
        columns.pii_class,
        column_audits.canonical_entity,
        column_audits.canonical_attribute,
        column_audits.formats,
        column_audits.shapes,

        ---------- cells of the column
        columns.column_position,
        column_audits.row_count,
        column_audits.filled_count,
        column_audits.distinct_count,
        column_audits.repeated_count,
        column_audits.placeholder_count,
        column_audits.padded_count,
        column_audits.valid_count,
        column_audits.completeness,
        column_audits.validity,
        column_audits.distinctness,
        column_audits.conformity,

        ---------- rows of its table
        tables.duplicate_count,
        tables.dated_count,
        tables.touched_30_days_count,
        tables.touched_90_days_count,
        tables.touched_1_year_count,
        tables.touched_2_years_count,
        tables.touched_5_years_count,
        tables.touched_earlier_count,

        ---------- records of its source
        legacy_shares.legacy_only_share,

        ---------- booleans
        column_audits.is_sampled,

        ---------- times
        tables.last_touched_at,
        tables.as_of
    from columns
    inner join column_audits
        on
            columns.source = column_audits.source
            and columns.table_name = column_audits.table_name
            and columns.column_name = column_audits.column_name
    inner join tables
        on
            columns.source = tables.source
            and columns.table_name = tables.table_name
    left join legacy_shares
        on columns.source = legacy_shares.source

)

select * from audited
