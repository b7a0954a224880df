with

klaviyo as (

    select * from {{ ref('int_klaviyo__email_events') }}

)

select * from klaviyo
