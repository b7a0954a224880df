{# A mistyped address reaches nobody, or a stranger; a rare one is not for that a typo. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

email_providers (domain, is_common) as ( -- noqa: ST03

    values
    ('gmail.com', true),
    ('ymail.com', true),
    ('hotmail.com', true),
    ('email.com', false),
    ('mail.com', false),
    ('aol.com', false)

),

disposable_email_domains (domain) as ( -- noqa: ST03

    values
    ('gmaill.com')

),

expected (domain, likely_domain) as (

    values
    ('gmial.com', 'gmail.com'),
    ('gmail.co', 'gmail.com'),
    ('gmail.con', 'gmail.com'),
    ('hotmal.com', 'hotmail.com'),
    ('zmail.com', 'gmail.com')

),

domains (domain) as ( -- noqa: ST03

    select domain from expected

    union all

    values
    ('gmial.com'),
    ('gmail.com'),
    ('email.com'),
    ('gmaill.com'),
    ('aok.com'),
    ('gmx.com'),
    ('gmial.cm'),
    ('example.com'),
    (null)

),

actual as (

    select * from {{ likely_domains('domains') }}

),

differences as (

    (
        select * from expected
        except all
        select * from actual
    )

    union all

    (
        select * from actual
        except all
        select * from expected
    )

)

select * from differences
