with

source as (

    select * from {{ source('incidents', 'incident_people') }}

),

renamed as (

    select
        ---------- ids
        incident_id,
        customer_id,

        ---------- text
        law
    from source

)

select * from renamed
