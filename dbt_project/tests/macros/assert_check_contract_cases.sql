{# Here is no contract, and nothing to look at. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (expected) as (

    values
    (true)

),

results as (

    select
        *,
        '{{ check_contract() | trim }}' = '' as actual
    from cases

)

select * from results
where actual is distinct from expected
