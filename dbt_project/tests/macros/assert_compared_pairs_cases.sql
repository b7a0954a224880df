{# Each attribute of two records agrees at one level, and its letter stands in its place. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

people (
    record_number,
    given_name,
    nickname_groups,
    family_name,
    birth_date,
    email,
    house_number,
    street_name,
    area
) as (

    values
    (1, 'robert', 'robert', 'smith', '19781211', 'r.smith7@a.example', '1', 'main street', '02139'),
    (2, 'bob', 'robert', 'smyth', '19781112', 'r.smith7@b.example', '12', 'main street', '02139'),
    (3, 'smith', 'smith', 'robert', '19781210', null, null, null, '02139'),
    (4, 'mary', 'mary', 'smith', '20010101', 'mary@a.example', '9', 'oak road', '02139'),
    (5, null, null, null, null, null, null, null, null),
    (6, 'ann', 'ann', 'lee', null, 'ann.lee7@a.example', null, null, null),
    (7, 'ann', 'ann', 'lee', null, 'annlee@a.example', null, null, null),
    (8, 'ann', 'ann', 'lee', null, 'ann.le@a.example', null, null, null),
    (9, null, null, null, null, null, null, null, null),
    (10, null, null, null, null, null, null, null, null),
    (11, null, null, null, null, null, null, null, null),
    (12, null, null, null, null, null, null, null, null),
    (13, null, null, null, null, null, null, null, null),
    (14, null, null, null, null, null, null, null, null)

),

records as ( -- noqa: ST03

    select
        'person' as entity,
        record_number,
        given_name,
        nickname_groups,
        left(given_name, 1) as given_initial,
        {{ sound_key('given_name') }} as given_sound,
        family_name,
        {{ sound_key('family_name') }} as family_sound,
        birth_date as birth_digits,
        birth_date,
        email,
        house_number,
        street_name,
        house_number || street_name || area as address_key,
        area as postcode,
        area,
        coalesce(given_name is not null, false) as is_latin,
        1000 as population,
        2 as address_people,
        0.001 as given_name_chance,
        0.001 as family_name_chance,
        0.001 as birth_date_chance,
        0.001 as address_key_chance,
        0.001 as postcode_chance,
        0.001 as city_chance,
        0.001 as company_name_chance,
        0.001 as domain_chance,
        cast(null as string) as middle_initial,
        cast(null as string) as name_suffix,
        cast(null as string) as gender,
        case when record_number between 9 and 11 then '+14155550132' end as phone,
        cast(null as string) as city_key,
        cast(null as string) as company_name,
        cast(null as string) as domain
    from people

),

held (
    record_number,
    identifier_type,
    normalized_value,
    value_kind,
    priority,
    limit_per_customer,
    window_days,
    first_seen_on,
    last_seen_on,
    people
) as (

    values
    (1, 'passport', 'A1', 'code', 3, 5, null, null, null, 1),
    (2, 'passport', 'A1', 'code', 3, 5, null, null, null, 1),
    (1, 'user_id', 'u1', 'text', 1, 1, null, null, null, 1),
    (4, 'user_id', 'u4', 'text', 1, 1, null, null, null, 1),
    (4, 'email', 'home@a.example', 'email', 4, 5, null, null, null, 3),
    (5, 'email', 'home@a.example', 'email', 4, 5, null, null, null, 3),
    -- One person's until 2020; somebody's from 2022 on, and soon after that another's.
    (9, 'phone', '+14155550132', 'phone', 5, 5, 365, '2019-01-01', '2020-01-01', 1),
    (10, 'phone', '+14155550132', 'phone', 5, 5, 365, '2022-01-01', '2022-02-01', 1),
    (11, 'phone', '+14155550132', 'phone', 5, 5, 365, '2022-12-01', '2023-01-01', 1),
    -- Of two mailboxes where one is allowed, a shared account says more; a shared phone less.
    (12, 'user_id', 'u7', 'text', 1, 1, null, null, null, 1),
    (13, 'user_id', 'u7', 'text', 1, 1, null, null, null, 1),
    (12, 'email', 'a@a.example', 'email', 4, 1, null, null, null, 1),
    (13, 'email', 'b@a.example', 'email', 4, 1, null, null, null, 1),
    (14, 'email', 'c@a.example', 'email', 4, 1, null, null, null, 1),
    (12, 'phone', '+14155550177', 'phone', 5, 5, null, null, null, 1),
    (14, 'phone', '+14155550177', 'phone', 5, 5, null, null, null, 1)

),

identifiers as ( -- noqa: ST03

    select
        'person' as entity,
        record_number,
        identifier_type,
        normalized_value,
        value_kind,
        priority,
        limit_per_customer,
        window_days,
        cast(first_seen_on as timestamp) as first_seen_at,
        cast(last_seen_on as timestamp) as last_seen_at,
        people,
        0.001 as chance
    from held

),

pairs (entity, record_number, other_record_number) as ( -- noqa: ST03

    values
    ('person', 1, 2),
    ('person', 1, 3),
    ('person', 1, 4),
    ('person', 4, 5),
    ('person', 6, 7),
    ('person', 7, 8),
    ('person', 9, 10),
    ('person', 10, 11),
    ('person', 12, 13),
    ('person', 12, 14)

),

expected (record_number, other_record_number, pattern, by_chance, related) as (

    values
    (1, 2, 'n-s---cl-s--e-', 0.03, 2.0),
    (1, 3, 'c-----t---e---', 0.000001, 2.0),
    (1, 4, 'd-e---dd-a--b-', 0.001, 2.0),
    (4, 5, '-------e------', 1.0, 2.0),
    (6, 7, 'e-e----d------', 0.001, 2.0),
    (7, 8, 'e-e----s------', 0.001, 2.0),
    (9, 10, '--------------', 1000.0, 2.0),
    (10, 11, '--------e-----', 1.0, 0.3),
    (12, 13, '------------e-', 1.0, 2.0),
    (12, 14, '--------e---b-', 1.0, 0.3)

),

actual as (

    select
        record_number,
        other_record_number,
        pattern,
        round(power(2, log_others), 9) as by_chance,
        round(power(2, log_related), 3) as related
    from {{ compared_pairs('pairs', 'records', 'identifiers') }}

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
