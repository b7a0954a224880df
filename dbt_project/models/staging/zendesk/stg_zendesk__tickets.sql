with

source as (

    select * from {{ source('zendesk', 'tickets') }}

),

renamed as (

    select
        ---------- ids
        cast(id as varchar) as ticket_id,
        cast(requester_id as varchar) as requester_id,
        cast(submitter_id as varchar) as submitter_id,
        cast(assignee_id as varchar) as assignee_id,
        cast(organization_id as varchar) as organization_id,
        cast(problem_id as varchar) as problem_id,
        external_id,

        ---------- text
        subject,
        description,
        type as ticket_type,
        status,
        priority,
        {{ json_text('via', 'channel') }} as channel,
        {{ json_text('satisfaction_rating', 'score') }} as satisfaction,
        cast(tags as varchar[]) as tags,

        ---------- booleans
        coalesce(status = 'deleted', false) as is_deleted,

        ---------- timestamps
        created_at,
        updated_at,
        {{ utc_timestamp(json_text('metric_set', 'solved_at')) }} as solved_at,
        {{ from_unix_time('generated_timestamp') }} as changed_at,

        ---------- load metadata
        {{ load_time('_dlt_load_id') }} as loaded_at

    from source

)

select * from renamed
