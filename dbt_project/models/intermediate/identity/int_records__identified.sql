with

clustered as (

    select * from {{ ref('int_records__clustered') }}

),

assignments as (

    select * from {{ ref('int_record_ids__assigned') }}

),

person_records as (

    select * from {{ ref('int_person_records__cleaned') }}

),

organizations as (

    select * from {{ ref('int_organizations__cleaned') }}

),

held as (

    select * from {{ ids_held('assignments') }}

),

records as (

    {% for entity, relation in [
        ('person', 'person_records'), ('organization', 'organizations')
    ] -%}
        select
            '{{ entity }}' as entity,
            record_key,
            source,
            record_id,
            is_deleted,
            is_stale,
            is_incomplete,
            is_legacy,
            created_at,
            updated_at
        from {{ relation }}
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

identified as (

    select
        ---------- ids
        records.entity,
        records.record_key,
        records.source,
        records.record_id,
        held.golden_id,
        clustered.cluster_key,

        ---------- booleans
        records.is_deleted,
        records.is_stale,
        records.is_incomplete,
        records.is_legacy,

        ---------- times
        records.created_at,
        records.updated_at
    from records
    inner join clustered
        on
            records.entity = clustered.entity
            and records.record_key = clustered.record_key
    inner join held
        on
            records.entity = held.entity
            and records.record_key = held.record_key

)

select * from identified
