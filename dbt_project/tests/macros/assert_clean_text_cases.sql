{#
    Values differ only in spaces and invisible characters; left in, they split one value into
    many.
#}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('plain', 'plain'),
    ('  two   words ', 'two words'),
    (chr(9) || 'tab' || chr(10) || 'line', 'tab line'),
    ('no' || chr(160) || 'break', 'no break'),
    ('zero' || chr(8203) || 'width', 'zerowidth'),
    (chr(65279) || 'byte order mark', 'byte order mark'),
    ('   ', null),
    ('', null),
    (null, null)

),

results as (

    select
        *,
        {{ clean_text('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
