{# Validity and meaning are both counted from this. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

country_aliases as (

    select * from {{ ref('country_aliases') }}

),

region_aliases as (

    select * from {{ ref('region_aliases') }}

),

currency_aliases as (

    select * from {{ ref('currency_aliases') }}

),

boolean_words as (

    select * from {{ ref('boolean_words') }}

),

dates (date_text) as (

    values
    ('1985-03-12'),
    ('12 Mar 1985')

),

cases (given, expected) as (

    values
    ('ana@example.com', 'email code text'),
    ('ana@example', 'code text'),
    ('+1 (415) 555-0132', 'phone text'),
    ('415-555-0132 ext. 12', 'phone text'),
    ('4155550132', 'phone number code text'),
    ('334xxx8466', 'code text'),
    ('1985-03-12', 'date code text'),
    ('1985-02-30', 'code text'),
    ('12 Mar 1985', 'date text'),
    ('1234.50', 'number code text'),
    ('$1,234.50', 'number code text'),
    ('-3', 'number code text'),
    ('1,234', 'code text'),
    ('12,50 €', 'number text'),
    ('91%', 'number code text'),
    ('978', 'number postcode code text'),
    ('$', 'currency code text'),
    ('kr.', 'country region currency name code text'),
    ('Swiss francs', 'currency name text'),
    ('M', 'region name code text'),
    ('Ja', 'boolean region name code text'),
    ('2016', 'number postcode code text'),
    ('SW1A 1AA', 'postcode text'),
    ('90210', 'number postcode code text'),
    ('yes', 'boolean name code text'),
    ('0', 'number boolean code text'),
    ('Germany', 'country name code text'),
    ('US', 'country region name code text'),
    ('EUR', 'currency name code text'),
    ('Jean-Luc O''Brien', 'name text'),
    ('John 3rd', 'text'),
    ('cus_Nff4x82KkQ', 'code text'),
    ('192.168.0.1', 'code text'),
    ('{"a": 1}', '')

),

shaped as (

    select
        *,
        {{ value_shape('given') }} as shape
    from cases

),

results as (

    select
        given,
        expected,
        concat_ws(
            ' ',
            {% for kind in value_kinds() %}
                case when {{ fits_kind('given', 'shape', kind) }} then '{{ kind }}' end,
            {% endfor %}
            null
        ) as actual
    from shaped

)

select * from results
where actual is distinct from expected
