{# Names that sound alike have one key, or slips of the ear keep records apart. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (name, expected) as (

    values
    ('sara', 'sr'),
    ('sarah', 'sr'),
    ('zara', 'sr'),
    ('philip', 'flp'),
    ('filip', 'flp'),
    ('schmidt', 'smdt'),
    ('smith', 'smt'),
    ('jackson', 'iksn'),
    ('anna', 'an'),
    ('ann', 'an'),
    ('garcia lopez', 'grklps'),
    ('小川', '小川'),
    ('', ''),
    (null, null)

),

results as (

    select
        *,
        {{ sound_key('name') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
