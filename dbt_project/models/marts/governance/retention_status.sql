with

last_active as (

    select * from {{ ref('retention_records') }}

),

retention as (

    select * from {{ ref('retention') }}

),

retentions as (

    select * from {{ ref('stg_privacy__retentions') }}

),

judged as (

    {{ judged_retention('last_active', 'retention', 'retentions', judged_at()) }}

),

summarized as (

    select
        pii,
        purpose,
        count(distinct case when is_past then customer_id end) as past_customer_count,
        count(case when is_past then 1 end) as past_record_count,
        count(case when is_past and not is_done then 1 end) as kept_record_count,
        min(case when is_past and not is_done then last_active_at end) as oldest_active_at
    from judged
    group by pii, purpose

),

described as (

    select
        ---------- ids
        retention.pii,
        retention.purpose,

        ---------- text
        retention.outcome,

        ---------- numbers
        retention.keep_days,
        coalesce(summarized.past_customer_count, 0) as past_customer_count,
        coalesce(summarized.past_record_count, 0) as past_record_count,
        coalesce(summarized.kept_record_count, 0) as kept_record_count,

        ---------- booleans
        summarized.pii is not null as is_longest,

        ---------- timestamps
        summarized.oldest_active_at,
        {{ judged_at() }} as judged_at
    from retention
    left join summarized
        on
            retention.pii = summarized.pii
            and retention.purpose = summarized.purpose

)

select * from described
