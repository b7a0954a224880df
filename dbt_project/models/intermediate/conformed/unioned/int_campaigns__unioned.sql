with

klaviyo as (

    select * from {{ ref('int_klaviyo__campaigns') }}

),

unioned as (

    select * from klaviyo

)

select * from unioned
