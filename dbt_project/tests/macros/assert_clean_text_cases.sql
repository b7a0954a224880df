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
    ({{ "'no\u00a0break'" }}, 'no break'),
    ({{ "'zero\u200bwidth'" }}, 'zerowidth'),
    ({{ "'\ufeffbyte order mark'" }}, 'byte order mark'),
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
