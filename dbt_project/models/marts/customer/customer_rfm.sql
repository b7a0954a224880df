with

purchases as (

    select * from {{ ref('int_purchases__summarized') }}

),

rfm_segments as (

    select * from {{ ref('rfm_segments') }}

),

-- A fifth is counted by who is strictly worse: equal customers have equal scores, and those who
-- bought once the lowest for frequency.
ranked as (

    select
        *,
        rank() over (order by recency_days desc) - 1 as longer_ago_count,
        rank() over (order by order_count) - 1 as less_often_count,
        rank() over (order by reporting_net_amount nulls last) - 1 as for_less_count,
        count(*) over () as customer_count
    from purchases

),

fifths as (

    select
        *,
        1 + cast(floor(5.0 * longer_ago_count / customer_count) as bigint) as recency_score,
        1 + cast(floor(5.0 * less_often_count / customer_count) as bigint) as frequency_score,
        1 + cast(floor(5.0 * for_less_count / customer_count) as bigint) as monetary_score
    from ranked

),

segmented as (

    select
        ---------- ids
        fifths.customer_id,

        ---------- text
        rfm_segments.segment,
        cast(fifths.recency_score as string)
        || cast(fifths.frequency_score as string)
        || cast(fifths.monetary_score as string) as rfm_score,

        ---------- numbers
        fifths.recency_days,
        fifths.order_count as frequency,
        fifths.reporting_net_amount as monetary,
        fifths.unconverted_order_count,
        fifths.recency_score,
        fifths.frequency_score,
        fifths.monetary_score,

        ---------- dates and times
        fifths.first_ordered_at,
        fifths.last_ordered_at,
        fifths.as_of
    from fifths
    inner join rfm_segments
        on
            fifths.recency_score = rfm_segments.recency_score
            and ceil((fifths.frequency_score + fifths.monetary_score) / 2.0)
            = rfm_segments.value_score

)

select * from segmented
