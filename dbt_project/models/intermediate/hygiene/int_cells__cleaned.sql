with

person_records as (

    select * from {{ ref('int_person_records__cleaned') }}

),

organizations as (

    select * from {{ ref('int_organizations__cleaned') }}

),

money_records as (

    select * from {{ ref('int_money_records__cleaned') }}

),

{% set person_attributes = [
    'full_name', 'name_title', 'given_name', 'middle_name', 'family_name', 'name_suffix', 'gender',
    'birth_date', 'email', 'phone', 'phone_extension', 'street_address', 'unit', 'city', 'region',
    'region_code', 'postcode', 'country_code', 'company_name', 'job_title', 'time_zone'
] -%}
people as (

    {% for attribute in person_attributes %}
        select
            'person' as entity,
            record_key,
            source,
            record_id,
            '{{ attribute }}' as attribute,
            cast({{ attribute }} as string) as value,
            {{ attribute }}_rule as rule
        from person_records
        where {{ attribute }} is not null or {{ attribute }}_rule is not null
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

{% set organization_attributes = [
    'name', 'domain', 'email', 'phone', 'phone_extension', 'street_address', 'city', 'region',
    'region_code', 'postcode', 'country_code', 'industry', 'employees'
] -%}
employers as (

    {% for attribute in organization_attributes %}
        select
            'organization' as entity,
            record_key,
            source,
            record_id,
            '{{ attribute }}' as attribute,
            cast({{ attribute }} as string) as value,
            {{ attribute }}_rule as rule
        from organizations
        where {{ attribute }} is not null or {{ attribute }}_rule is not null
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

amounts as (

    select
        entity,
        record_key,
        source,
        record_id,
        'currency' as attribute,
        currency as value,
        currency_rule as rule
    from money_records
    where currency is not null or currency_rule is not null

    union all

    select
        entity,
        record_key,
        source,
        record_id,
        'amount' as attribute,
        -- A number is the same with other zeros behind it.
        case when amount_rule is null then raw_amount else cast(amount as string) end as value,
        amount_rule as rule
    from money_records
    where raw_amount is not null

),

cells as (

    select * from people

    union all

    select * from employers

    union all

    select * from amounts

)

select * from cells
