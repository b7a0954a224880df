{# Mail to every form of an address on the left reaches one mailbox; a key merges no two. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

providers (domain, canonical_domain, ignored_characters, tag_separator) as (

    values
    ('gmail.com', 'gmail.com', '.', '+'),
    ('googlemail.com', 'gmail.com', '.', '+'),
    ('yahoo.com', 'yahoo.com', null, '-'),
    ('pm.me', 'proton.me', '._-', '+'),
    ('web.de', 'web.de', null, null)

),

cases (given, expected) as (

    values
    ('ann@example.com', 'ann@example.com'),
    ('ann+news@example.com', 'ann@example.com'),
    ('ann-news@example.com', 'ann-news@example.com'),
    ('ann.lee@example.com', 'ann.lee@example.com'),
    ('ann.lee@gmail.com', 'annlee@gmail.com'),
    ('ann.lee+news+more@gmail.com', 'annlee@gmail.com'),
    ('annlee@googlemail.com', 'annlee@gmail.com'),
    ('ann.lee@gmail.com.example', 'ann.lee@gmail.com.example'),
    ('ann.lee-shop@yahoo.com', 'ann.lee@yahoo.com'),
    ('ann+lee@yahoo.com', 'ann+lee@yahoo.com'),
    ('ann_lee.x-y@pm.me', 'annleexy@proton.me'),
    ('ann+lee-x@web.de', 'ann+lee-x@web.de'),
    ('+news@gmail.com', '+news@gmail.com'),
    ('"ann+lee"@gmail.com', '"ann+lee"@gmail.com'),
    (null, null)

),

results as (

    select
        cases.*,
        {{ mailbox_key(
            'cases.given',
            'providers.canonical_domain',
            'providers.ignored_characters',
            'providers.tag_separator'
        ) }} as actual
    from cases
    left join providers
        on split_part(cases.given, '@', -1) = providers.domain

)

select * from results
where actual is distinct from expected
