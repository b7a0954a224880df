{# Dates of birth come in every order; a wrong one is worse than none. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

month_names as (

    select * from {{ ref('month_names') }}

),

given (date_text, is_month_first, expected, expected_assumption) as (

    values
    ('1980-03-04', true, '1980-03-04', ''),
    ('1980-3-4', true, '1980-03-04', ''),
    ('1980/03/04', false, '1980-03-04', ''),
    ('19800304', true, '1980-03-04', ''),
    ('03041980', true, '1980-03-04', 'order'),
    ('03041980', false, '1980-04-03', 'order'),
    ('1980-03-04 10:11:12', true, '1980-03-04', ''),
    ('1980-03-04T00:00:00Z', true, '1980-03-04', ''),
    ('3/4/1980 12:00 AM', true, '1980-03-04', 'order'),

    -- the country's order
    ('04.03.1980', true, '1980-03-04', ''),
    ('03/04/1980', true, '1980-03-04', 'order'),
    ('03/04/1980', false, '1980-04-03', 'order'),
    ('03-04-1980', true, '1980-03-04', 'order'),
    ('3-4-1980', false, '1980-04-03', 'order'),
    ('03/03/1980', true, '1980-03-03', ''),
    ('25/12/1980', true, '1980-12-25', ''),
    ('12/25/1980', false, '1980-12-25', ''),
    ('1980. 12. 25.', true, '1980-12-25', ''),

    -- words
    ('4 Mar 1980', true, '1980-03-04', ''),
    ('4th March, 1980', true, '1980-03-04', ''),
    ('Mar 4, 1980', false, '1980-03-04', ''),
    ('March 4th 1980', false, '1980-03-04', ''),
    ('04-MAR-80', true, '1980-03-04', 'century'),
    ('1980 March 4', true, '1980-03-04', ''),
    ('4. März 1980', true, '1980-03-04', ''),
    ('4 de marzo de 1980', true, '1980-03-04', ''),
    ('1er août 1980', true, '1980-08-01', ''),
    ('4 марта 1980', true, '1980-03-04', ''),
    ('1980年3月4日', true, '1980-03-04', ''),

    -- two digits, and what a spreadsheet keeps
    ('3/4/80', true, '1980-03-04', 'century order'),
    ('25.12.05', true, '2005-12-25', 'century'),
    ('01.07.26', true, '1926-07-01', 'century'),
    ('80-03-04', true, '1980-03-04', 'century'),
    ('29284', true, '1980-03-04', 'serial'),
    ('29284.0', true, '1980-03-04', 'serial'),

    -- no day
    ('1980-02-30', true, null, ''),
    ('31/02/1980', true, null, ''),
    ('13/13/1980', true, null, ''),
    ('31 April 1980', true, null, ''),
    ('1980', true, null, ''),
    ('March 1980', true, null, ''),
    ('3/4', true, null, ''),
    ('3/4/180', true, null, ''),
    ('1234567890', true, null, ''),
    ('555-01-1980-2', true, null, ''),
    ('4 room 1980', true, null, ''),
    ('soon', true, null, ''),
    ('', true, null, ''),
    (null, true, null, '')

),

cases as (

    select
        *,
        cast('2026-06-30' as date) as as_of
    from given

),

results as (

    select
        *,
        concat_ws(
            ' ',
            case when is_century_open and parsed_date is not null then 'century' end,
            case when is_order_open then 'order' end,
            case when is_serial then 'serial' end
        ) as assumption
    from {{ read_dates('cases') }}

)

select * from results
where
    parsed_date is distinct from cast(expected as date)
    or assumption <> expected_assumption
