with

column_classes as (

    select * from {{ ref('column_classes') }}

),

processing_purposes as (

    select * from {{ ref('processing_purposes') }}

),

retention as (

    select * from {{ ref('retention') }}

),

access_policies as (

    select * from {{ ref('access_policies') }}

),

raw_columns as (

    select * from {{ ref('int_raw_columns__listed') }}

),

listed as (

    select
        coalesce(column_classes.table_schema, raw_columns.table_schema) as table_schema,
        coalesce(column_classes.table_name, raw_columns.table_name) as table_name,
        coalesce(column_classes.column_name, raw_columns.column_name) as column_name,
        -- What nobody has looked at may be anything.
        coalesce(column_classes.pii, 'special') as pii,
        case
            when column_classes.pii is null then 'nobody'
            when column_classes.is_declared then 'declaration'
            else 'lineage'
        end as classed_by,
        column_classes.declassified,
        column_classes.made_of
    from column_classes
    full outer join raw_columns
        on
            column_classes.table_schema = raw_columns.table_schema
            and column_classes.table_name = raw_columns.table_name
            and column_classes.column_name = raw_columns.column_name

),

purposes as (

    select
        pii,
        {{ join_sorted('distinct purpose', "', '") }} as purposes,
        {{ join_sorted('distinct legal_basis', "', '") }} as legal_bases
    from processing_purposes
    group by pii

),

longest as (

    select
        pii,
        max(keep_days) as keep_days
    from retention
    group by pii

),

readers as (

    select
        pii,
        {{ join_sorted("role || ' ' || treatment", "', '") }} as visible_to
    from access_policies
    where treatment <> 'dropped'
    group by pii

),

inventory as (

    select
        ---------- ids
        listed.table_schema,
        listed.table_name,
        listed.column_name,

        ---------- text
        listed.pii,
        listed.classed_by,
        listed.declassified,
        listed.made_of,
        purposes.purposes,
        purposes.legal_bases,
        -- Shares are made of the public tables alone.
        case
            when listed.table_schema not in ('marts', 'governance', 'activation')
                then 'who works on the warehouse'
            when listed.pii = 'none' then 'every role'
            else readers.visible_to
        end as visible_to,

        ---------- numbers
        longest.keep_days
    from listed
    left join purposes
        on listed.pii = purposes.pii
    left join longest
        on listed.pii = longest.pii
    left join readers
        on listed.pii = readers.pii

)

select * from inventory
