with

source as (

    select * from {{ source('zendesk', 'tickets') }}

),

renamed as (

    select
        ---------- ids
        cast(id as string) as ticket_id,
        cast(requester_id as string) as requester_id,
        cast(submitter_id as string) as submitter_id,
        cast(assignee_id as string) as assignee_id,
        cast(organization_id as string) as organization_id,
        cast(problem_id as string) as problem_id,
        external_id,

        ---------- text
        subject,
        description,
        type as ticket_type,
        status,
        priority,
        {{ json_text('via', 'channel') }} as channel,
        {{ json_text('satisfaction_rating', 'score') }} as satisfaction,
        {{ json_texts('tags') }} as tags,

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
