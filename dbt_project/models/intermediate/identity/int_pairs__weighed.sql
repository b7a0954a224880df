with

compared as (

    select * from {{ ref('int_pairs__compared') }}

),

match_weights as (

    select * from {{ ref('match_weights') }}

),

estimated as (

    select * from {{ ref('int_match_weights__estimated') }}

),

weighed as (

    select * from {{ weighed_pairs('compared', 'match_weights', 'estimated') }}

)

select * from weighed
