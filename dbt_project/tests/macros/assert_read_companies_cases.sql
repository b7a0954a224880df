{# Acme Inc. and ACME, Incorporated are one company; Acme and Acme UK may not be. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

legal_forms as (

    select * from {{ ref('legal_forms') }}

),

cases (company_name, expected) as (

    values
    ('Acme', 'acme'),
    ('ACME, Inc.', 'acme'),
    ('Acme Incorporated', 'acme'),
    ('The Acme Company', 'acme'),
    ('Acme L.L.C.', 'acme'),
    ('Müller & Söhne GmbH & Co. KG', 'muller and sohne'),
    ('Muller and Sohne GmbH Co KG', 'muller and sohne'),
    ('Acme Pty. Ltd.', 'acme'),
    ('Acme Co., Ltd.', 'acme'),
    ('Acme Sp. z o.o.', 'acme'),
    ('Acme S.A. de C.V.', 'acme'),
    ('Møbler A/S', 'mobler'),
    ('Acme UK', 'acme uk'),
    ('Acme UK Ltd', 'acme uk'),
    ('Acme Holding', 'acme holding'),
    ('Macys', 'macys'),
    ('Inc.', 'inc'),
    ('Co & Co', 'co'),
    ('株式会社', '株式会社'),
    ('!!!', null),
    (null, null)

),

results as (

    select
        cases.*,
        companies.company_key as actual
    from cases
    left join {{ read_companies('cases') }} as companies
        on cases.company_name = companies.company_name

)

select * from results
where actual is distinct from expected
