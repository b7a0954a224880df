with

source as (

    select * from {{ source('incidents', 'incident_steps') }}

),

renamed as (

    select
        ---------- ids
        incident_id,
        step,

        ---------- text
        what,
        owner_role,
        law,
        note,

        ---------- numbers
        position,

        ---------- booleans
        is_obligatory,

        ---------- timestamps
        due_at,
        done_at
    from source

)

select * from renamed
