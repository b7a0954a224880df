{# Validity and meaning are both counted from this. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

country_aliases as (

    select * from {{ ref('country_aliases') }}

),

currencies as (

    select * from {{ ref('currencies') }}

),

cases (given, expected) as (

    values
    ('ana@example.com', 'email code'),
    ('ana@example', 'code'),
    ('+1 (415) 555-0132', 'phone'),
    ('415-555-0132 ext. 12', 'phone'),
    ('4155550132', 'phone number code'),
    ('334xxx8466', 'code'),
    ('1985-03-12', 'date code'),
    ('1985-02-30', 'code'),
    ('03/12/1985', 'date code'),
    ('12.03.1985', 'date code'),
    ('1985-03-12 10:11:12', 'date'),
    ('1985-03-12T10:11:12Z', 'date code'),
    ('12 Mar 1985', 'date'),
    ('1234.50', 'number code'),
    ('$1,234.50', 'number code'),
    ('-3', 'number code'),
    ('2016', 'number postcode code'),
    ('SW1A 1AA', 'postcode'),
    ('90210', 'number postcode code'),
    ('yes', 'boolean name code'),
    ('0', 'number boolean code'),
    ('Germany', 'country name code'),
    ('US', 'country name code'),
    ('EUR', 'currency name code'),
    ('Jean-Luc O''Brien', 'name'),
    ('John 3rd', ''),
    ('cus_Nff4x82KkQ', 'code'),
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
