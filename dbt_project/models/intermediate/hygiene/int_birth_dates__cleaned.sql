with

person_records as (

    select * from {{ ref('int_person_records__unioned') }}

),

keyed as (

    select * from {{ ref('int_records__keyed') }}

),

junk_values as (

    select * from {{ ref('junk_values') }}

),

countries as (

    select * from {{ ref('countries') }}

),

written as (

    select distinct
        person_records.birth_date as raw_birth_date,
        keyed.country_code
    from person_records
    inner join keyed
        on
            person_records.record_key = keyed.record_key
            and keyed.entity = 'person'
    where person_records.birth_date is not null

),

trimmed as (

    select
        written.*,
        {{ clean_text('written.raw_birth_date') }} as trimmed_birth_date,
        countries.is_month_first
    from written
    left join countries
        on
            coalesce(written.country_code, '{{ var("default_country") }}')
            = countries.country_code

),

parsed as (

    select
        *,
        {{ parse_date('trimmed_birth_date', 'is_month_first') }} as parsed_date,
        {{ parse_date('trimmed_birth_date', 'not is_month_first') }} as other_date
    from trimmed

),

kept as (

    select
        *,
        {{ unless_junk('trimmed_birth_date', 'birth_date') }} as kept_birth_date,
        cast({{ unless_junk('cast(parsed_date as varchar)', 'birth_date') }} as date)
            as birth_date
    from parsed

),

-- Nobody is born after the latest load, nor was 120 years before it.
clock as (

    select
        coalesce(
            cast(nullif('{{ var("as_of") }}', '') as date), cast(max(loaded_at) as date)
        ) as as_of
    from person_records

),

judged as (

    select
        kept.*,
        coalesce(
            kept.birth_date > clock.as_of
            or kept.birth_date < {{ days_before('clock.as_of', '43830') }},
            false
        ) as is_impossible
    from kept
    cross join clock

),

cleaned as (

    select
        ---------- as written
        raw_birth_date,
        country_code,

        ---------- cleaned
        case when not is_impossible then birth_date end as birth_date,

        ---------- what was done
        case
            when trimmed_birth_date is null then 'blank'
            when kept_birth_date is null then 'placeholder'
            when parsed_date is null then 'date_invalid'
            when birth_date is null then 'placeholder'
            when is_impossible then 'date_impossible'
            when parsed_date <> other_date then 'date_order_assumed'
            when cast(birth_date as varchar) <> raw_birth_date then 'date_rewritten'
        end as birth_date_rule
    from judged

)

select * from cleaned
