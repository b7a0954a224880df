with

source as (

    select * from {{ source('loads', 'load_counts') }}

),

renamed as (

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
        coalesce(records_kept_out, 0) as records_kept_out,

        ---------- booleans
        is_replay,

        ---------- timestamps
        loaded_at

    from source

)

select * from renamed
