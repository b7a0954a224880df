with

source as (

    select * from {{ source('incidents', 'incidents') }}

),

renamed as (

    select
        ---------- ids
        incident_id,

        ---------- text
        kind,
        subject,
        exposed_columns,
        time_column,
        recipients,
        advisory,
        affected_versions,
        fixed_in,
        note,
        outcome,
        forced_reason,

        ---------- numbers
        row_count,
        people_count,
        unknown_count,

        ---------- timestamps
        exposed_from,
        exposed_until,
        noticed_at,
        opened_at,
        closed_at
    from source

)

select * from renamed
