with

load_counts as (

    select * from {{ ref('stg_loads__load_counts') }}

),

reconciled as (

    select
        ---------- ids
        source,
        load_id,

        ---------- text
        table_name,

        ---------- numbers
        records_received,
        records_loaded,
        records_quarantined,
        identical_redeliveries,
        records_superseded,
        records_kept_out,
        records_received - records_loaded - records_quarantined - identical_redeliveries
        - records_kept_out
            as records_unaccounted_for,

        ---------- booleans
        is_replay,

        ---------- timestamps
        loaded_at
    from load_counts

)

select * from reconciled
