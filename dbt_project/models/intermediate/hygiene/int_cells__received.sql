with

person_records as (

    select * from {{ ref('int_person_records__unioned') }}

),

organizations as (

    select * from {{ ref('int_organizations__unioned') }}

),

money_records as (

    select * from {{ ref('int_money_records__located') }}

),

{% set person_attributes = [
    'full_name', 'given_name', 'middle_name', 'family_name', 'name_suffix', 'gender', 'birth_date',
    'email', 'phone', 'street_address', 'unit', 'city', 'region', 'postcode', 'country_code',
    'company_name', 'job_title', 'time_zone'
] -%}
people as (

    {% for attribute in person_attributes %}
        {% set column = 'country' if attribute == 'country_code' else attribute %}
        select
            'person' as entity,
            record_key,
            source,
            record_id,
            '{{ attribute }}' as attribute,
            cast({{ column }} as string) as raw_value
        from person_records
        where {{ column }} is not null
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

{% set organization_attributes = [
    'name', 'domain', 'email', 'phone', 'street_address', 'city', 'region', 'postcode',
    'country_code', 'industry', 'employees'
] -%}
employers as (

    {% for attribute in organization_attributes %}
        {% set column = 'country' if attribute == 'country_code' else attribute %}
        select
            'organization' as entity,
            record_key,
            source,
            record_id,
            '{{ attribute }}' as attribute,
            cast({{ column }} as string) as raw_value
        from organizations
        where {{ column }} is not null
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

amounts as (

    {% for attribute in ['currency', 'amount'] %}
        select
            entity,
            record_key,
            source,
            record_id,
            '{{ attribute }}' as attribute,
            raw_{{ attribute }} as raw_value
        from money_records
        where raw_{{ attribute }} is not null
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

cells as (

    select * from people

    union all

    select * from employers

    union all

    select * from amounts

)

select * from cells
