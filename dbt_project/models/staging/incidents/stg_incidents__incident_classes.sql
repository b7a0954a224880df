with

source as (

    select * from {{ source('incidents', 'incident_classes') }}

),

renamed as (

    select
        ---------- ids
        incident_id,

        ---------- text
        pii,

        ---------- numbers
        column_count
    from source

)

select * from renamed
