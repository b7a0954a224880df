with

purchases as (

    select * from {{ ref('int_purchases__summarized') }}

),

rfm_segments as (

    select * from {{ ref('rfm_segments') }}

),

-- A fifth is counted by who is strictly worse: equal customers have equal scores, and those who
-- bought once the lowest for frequency.
scored as (

    select
        *,
        1 + cast(floor(5.0 * (rank() over (order by recency_days desc) - 1) / count(*) over ()) as bigint)
            as recency_score,
        1 + cast(floor(5.0 * (rank() over (order by order_count) - 1) / count(*) over ()) as bigint)
            as frequency_score,
        1 + cast(floor(5.0 * (rank() over (order by reporting_net_amount) - 1) / count(*) over ()) as bigint)
            as monetary_score
    from purchases

),

segmented as (

    select
        ---------- ids
        scored.customer_id,

        ---------- text
        rfm_segments.segment,
        cast(scored.recency_score as varchar)
        || cast(scored.frequency_score as varchar)
        || cast(scored.monetary_score as varchar) as rfm_score,

        ---------- numbers
        scored.recency_days,
        scored.order_count as frequency,
        scored.reporting_net_amount as monetary,
        scored.unconverted_order_count,
        scored.recency_score,
        scored.frequency_score,
        scored.monetary_score,

        ---------- dates and times
        scored.first_ordered_at,
        scored.last_ordered_at,
        scored.as_of
    from scored
    inner join rfm_segments
        on
            scored.recency_score = rfm_segments.recency_score
            and ceil((scored.frequency_score + scored.monetary_score) / 2.0)
            = rfm_segments.value_score

)

select * from segmented
