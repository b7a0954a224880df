{# A condition that is not known to be met is not. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    (6, 'large'),
    (5, null),
    (null, null)

),

results as (

    select
        *,
        {{ flaw('large', 'given > 5') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
