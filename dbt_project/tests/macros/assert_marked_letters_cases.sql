{# Letter for letter, in one order. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('É', 'E'),
    ('ế', 'e'),
    ('й', 'и'),
    ('a', 'a')

),

results as (

    select
        *,
        translate(
            given, '{{ marked_letters().marked }}', '{{ marked_letters().unmarked }}'
        ) as actual
    from cases

)

select * from results
where actual is distinct from expected
