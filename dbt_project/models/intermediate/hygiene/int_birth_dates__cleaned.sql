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

month_names as (

    select * from {{ ref('month_names') }}

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

-- Nobody is born after the latest load, nor was 120 years before it.
clock as (

    select
        coalesce(
            cast(nullif('{{ var("as_of") }}', '') as date), cast(max(loaded_at) as date)
        ) as as_of
    from keyed

),

trimmed as (

    select
        written.*,
        {{ clean_text('written.raw_birth_date') }} as trimmed_birth_date,
        countries.is_month_first,
        clock.as_of
    from written
    cross join clock
    left join countries
        on
            coalesce(written.country_code, '{{ var("default_country") }}')
            = countries.country_code

),

kept as (

    select
        *,
        {{ unless_junk('trimmed_birth_date', 'birth_date') }} as date_text
    from trimmed

),

parsed as (

    select
        *,
        cast({{ unless_junk('cast(parsed_date as string)', 'birth_date') }} as date) as kept_date,
        coalesce(
            parsed_date > as_of or parsed_date < {{ days_before('as_of', '43830') }}, false
        ) as is_impossible
    from {{ read_dates('kept') }}

),

cleaned as (

    select
        ---------- as written
        raw_birth_date,
        country_code,

        ---------- cleaned
        case when not is_impossible then kept_date end as birth_date,
        kept_date as read_birth_date,

        ---------- what was done
        case
            when trimmed_birth_date is null then 'blank'
            when date_text is null then 'placeholder'
            when parsed_date is null then 'date_invalid'
            when kept_date is null then 'placeholder'
            when is_impossible then 'date_impossible'
            when is_order_open then 'date_order_assumed'
            when is_century_open then 'date_century_assumed'
            when is_serial then 'date_serial'
            when cast(kept_date as string) <> raw_birth_date then 'date_rewritten'
        end as birth_date_rule
    from parsed

)

select * from cleaned
