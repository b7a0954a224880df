with

requests as (

    select * from {{ ref('stg_privacy__requests') }}

),

privacy_laws as (

    select * from {{ ref('privacy_laws') }}

),

judged as (

    {{ judged_requests('requests', 'privacy_laws', judged_at()) }}

)

select * from judged
