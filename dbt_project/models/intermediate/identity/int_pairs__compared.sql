with

pairs as (

    select * from {{ ref('int_pairs__blocked') }}

),

records as (

    select * from {{ ref('int_records__compared') }}

),

identifiers as (

    select * from {{ ref('int_identifiers__counted') }}

),

compared as (

    select * from {{ compared_pairs('pairs', 'records', 'identifiers') }}

)

select * from compared
