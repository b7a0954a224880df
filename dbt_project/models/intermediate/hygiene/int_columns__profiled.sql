{% set tables = staged_tables() %}

with

sampled_values as (

    select * from {{ ref('int_column_values__sampled') }}

),

junk_values as (

    select * from {{ ref('junk_values') }}

),

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

month_names as (

    select * from {{ ref('month_names') }}

),

declared (source, table_name, model, column_name, pii_class) as (

    values
    (null, null, null, null, null)
    {% for table in tables %}
        {% for column in table.columns %}
            , (
                '{{ table.source }}',
                '{{ table.name }}',
                '{{ table.model }}',
                '{{ column.name }}',
                '{{ column.pii }}'
            )
        {% endfor %}
    {% endfor %}

),

stored as (

    select * from {{ column_types('staging') }}

),

profiles as (

    select * from {{ profile_values('sampled_values') }}

),

profiled as (

    select
        ---------- ids
        declared.source,
        declared.table_name,
        declared.column_name,

        ---------- text
        stored.data_type,
        declared.pii_class,
        coalesce(profiles.formats, '{}') as formats,
        coalesce(profiles.shapes, '{}') as shapes,

        ---------- numbers
        stored.column_position,
        coalesce(profiles.row_count, 0) as row_count,
        coalesce(profiles.filled_count, 0) as filled_count,
        coalesce(profiles.distinct_count, 0) as distinct_count,
        coalesce(profiles.repeated_count, 0) as repeated_count,
        coalesce(profiles.placeholder_count, 0) as placeholder_count,
        coalesce(profiles.padded_count, 0) as padded_count,
        {% for kind in value_kinds() %}
            coalesce(profiles.{{ kind }}_count, 0) as {{ kind }}_count,
        {% endfor %}

        ---------- booleans
        coalesce(profiles.is_sampled, false) as is_sampled
    from declared
    left join stored
        on declared.model = stored.table_name and declared.column_name = stored.column_name
    left join profiles
        on
            declared.source = profiles.source
            and declared.table_name = profiles.table_name
            and declared.column_name = profiles.column_name
    where declared.source is not null

)

select * from profiled
