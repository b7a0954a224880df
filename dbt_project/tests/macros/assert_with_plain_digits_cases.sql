{# A number typed in digits of another script is the same number. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('٠٥٠ ١٢٣', '050 123'),
    ('۰۹۱۲', '0912'),
    ('＋８１ ９０', '＋81 90'),
    ('०१२', '012'),
    ('050 123', '050 123'),
    ('é1', 'é1'),
    ('', ''),
    (null, null)

),

results as (

    select
        *,
        {{ with_plain_digits('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
