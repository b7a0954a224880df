{# What a column is taken for decides whether its values count as valid. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

canonical_attributes as (

    select * from {{ ref('canonical_attributes') }}

),

attribute_aliases as (

    select * from {{ ref('attribute_aliases') }}

),

given (table_name, column_name, kind, fitting_count) as (

    values
    ('people', 'CustNo', 'code', 10),
    ('people', 'First Name', 'name', 9),
    ('people', 'billing_city', 'name', 10),
    ('people', 'state', 'name', 10),
    -- the name says it, whatever is in it
    ('people', 'e-mail', 'email', 1),
    -- nothing says it but the values
    ('people', 'col_7', 'email', 9),
    ('people', 'col_8', 'email', 7),
    -- the values know better than the name
    ('people', 'contact', 'email', 10),
    -- part of a name that the values belie, or bear out
    ('people', 'phone_type', 'name', 10),
    ('people', 'phone_2', 'phone', 8),
    ('people', 'city_id', 'code', 10),
    -- said of a document, not of a person
    ('people', 'passport_no', 'code', 10),
    ('people', 'passport_country', 'name', 10),
    -- the same name in a table of orders
    ('receipts', 'receipt_no', 'code', 10),
    ('receipts', 'sold_at', 'date', 10),
    ('receipts', 'paid', 'number', 10),
    ('receipts', 'state', 'name', 10),
    -- the table says whose name it is
    ('companies', 'name', 'name', 10),
    -- a document holds an address, but is none
    ('companies', 'billing_address', 'json', 10),
    -- orders may also tell of who ordered
    ('receipts', 'postcode', 'postcode', 10),
    ('sales', 'order no', 'code', 10),
    ('sales', 'state', 'region', 10)

),

profiles as (

    select
        'files' as source,
        table_name,
        column_name,
        10 as row_count,
        10 as filled_count,
        5 as distinct_count,
        {% for kind in value_kinds() %}
            case
                when
                    kind = '{{ kind }}'
                    or ('{{ kind }}' = 'text' and kind <> 'json')
                    or ('{{ kind }}' = 'name' and kind = 'region')
                    then fitting_count
                else 0
            end as {{ kind }}_count,
        {% endfor %}
        0 as placeholder_count
    from given

),

expected (table_name, column_name, canonical_entity, canonical_attribute, fitting_count) as (

    values
    ('people', 'CustNo', 'customers', 'record_id', 10),
    ('people', 'First Name', 'customers', 'given_name', 9),
    ('people', 'billing_city', 'customers', 'city', 10),
    ('people', 'state', 'customers', 'region', 10),
    ('people', 'e-mail', 'customers', 'email', 1),
    ('people', 'col_7', 'customers', 'email', 9),
    ('people', 'contact', 'customers', 'email', 10),
    ('people', 'phone_2', 'customers', 'phone', 8),
    ('people', 'passport_no', 'customers', 'identifiers', 10),
    ('companies', 'name', 'customers', 'company_name', 10),
    ('receipts', 'receipt_no', 'orders', 'order_id', 10),
    ('receipts', 'sold_at', 'orders', 'ordered_at', 10),
    ('receipts', 'paid', 'orders', 'amount', 10),
    ('receipts', 'state', 'orders', 'status', 10),
    ('receipts', 'postcode', 'customers', 'postcode', 10),
    ('sales', 'order no', 'orders', 'order_id', 10),
    ('sales', 'state', 'customers', 'region', 10)

),

actual as (

    select
        table_name,
        column_name,
        canonical_entity,
        canonical_attribute,
        fitting_count
    from {{ column_meanings('profiles') }}

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
