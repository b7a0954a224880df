{#
    A domain comes as an address, a link or a mail address, and links organizations when it is
    one.
#}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

cases (given, expected) as (

    values
    ('example.com', 'example.com'),
    ('WWW.Example.com', 'example.com'),
    ('https://www.example.com/about?x=1', 'example.com'),
    ('http://example.com:8080', 'example.com'),
    ('info@example.com', 'example.com'),
    ('shop.example.com', 'shop.example.com'),
    ('example.com.', 'example.com'),
    ('  example.com ', 'example.com'),
    ('example', null),
    ('not a domain.com', null),
    ('', null),
    (null, null)

),

results as (

    select
        *,
        {{ normalize_domain('given') }} as actual
    from cases

)

select * from results
where actual is distinct from expected
