{# A house is one house, with Street or St, its number first or last, its flat in either column. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

countries as (

    select * from {{ ref('countries') }}

),

street_words as (

    select * from {{ ref('street_words') }}

),

cases (street_address, unit, country_code, number, expected_street, expected_unit, key) as (

    values
    ('221B Baker St.', 'Apt 4', 'GB', '221b', 'baker street', '4', 'bakerstreet 221b'),
    ('221b Baker Street, Flat 4', null, 'GB', '221b', 'baker street', '4', 'bakerstreet 221b'),
    ('Flat 3, 10 Downing Street', null, 'GB', '10', 'downing street', '3', 'downingstreet 10'),
    ('2nd Floor, 10 High St', null, 'GB', '10', 'high street', '2nd', 'highstreet 10'),
    ('1 N. Main St., Suite 200', null, 'US', '1', 'north main street', '200', 'northmainstreet 1'),
    ('1 Main St #12', null, 'US', '1', 'main street', '12', 'mainstreet 1'),
    ('1 Main Street', '12', 'US', '1', 'main street', '12', 'mainstreet 1'),
    ('1 Main Street Apt 12', '# 12', 'US', '1', 'main street', '12', 'mainstreet 1'),
    ('1 Main Street', 'rear', 'US', '1', 'main street', 'rear', 'mainstreet 1'),
    ('123 St. James Pl', null, 'US', '123', 'saint james place', null, 'saintjamesplace 123'),
    ('350 5th Ave', null, 'US', '350', '5th avenue', null, '5thavenue 350'),
    ('5th Avenue 350', null, 'US', '350', '5th avenue', null, '5thavenue 350'),
    ('5 Tower Bridge Rd', null, 'GB', '5', 'tower bridge road', null, 'towerbridgeroad 5'),
    ('Hauptstr. 12a', null, 'DE', '12a', 'hauptstrasse', null, 'hauptstrasse 12a'),
    ('Hauptstraße 12 A', null, 'DE', '12a', 'hauptstrasse', null, 'hauptstrasse 12a'),
    ('Haupt-Straße 12a', null, 'DE', '12a', 'haupt strasse', null, 'hauptstrasse 12a'),
    ('Musterweg 4 Whg. 7', null, 'DE', '4', 'musterweg', '7', 'musterweg 4'),
    ('Str. des 17. Juni 5', null, 'DE', '5', 'strasse des 17 juni', null, 'strassedes17juni 5'),
    ('Kerkstr. 5 bus 3', null, 'BE', '5', 'kerkstraat', '3', 'kerkstraat 5'),
    ('12 bis, r. de la Paix', null, 'FR', '12bis', 'rue de la paix', null, 'ruedelapaix 12bis'),
    ('Via Roma, 10/A int. 3', null, 'IT', '10a', 'via roma', '3', 'viaroma 10a'),
    ('C/ Mayor, nº 5', null, 'ES', '5', 'calle mayor', null, 'callemayor 5'),
    ('Av. Paulista, 5, apto 12', null, 'BR', '5', 'avenida paulista', '12', 'avenidapaulista 5'),
    ('16 de Septiembre 123', null, 'MX', '123', '16 de septiembre', null, '16deseptiembre 123'),
    ('Cll 10 # 5-20', null, 'CO', '5-20', 'calle 10', null, 'calle10 5-20'),
    ('ul. Długa 10 m. 5', null, 'PL', '10', 'ulica dluga', '5', 'ulicadluga 10'),
    ('石川町1-135, 号室 18', null, 'JP', null, '石川町1-135', '18', '石川町1-135'),
    ('Main St', null, null, null, 'main street', null, 'mainstreet'),
    (null, 'Apt 4', 'US', null, null, '4', null),
    ('...', null, 'US', null, null, null, null),
    ('', null, 'US', null, null, null, null)

),

addresses as (

    select * from {{ read_addresses('cases') }}

),

results as (

    select
        cases.*,
        addresses.house_number,
        addresses.street,
        addresses.unit_number,
        addresses.address_key
    from cases
    left join addresses
        on
            cases.street_address is not distinct from addresses.street_address
            and cases.unit is not distinct from addresses.unit
            and cases.country_code is not distinct from addresses.country_code

)

select * from results
where
    house_number is distinct from number
    or street is distinct from expected_street
    or unit_number is distinct from expected_unit
    or address_key is distinct from key
