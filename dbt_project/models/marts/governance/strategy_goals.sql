with

needs as (

    select * from {{ ref('strategy_needs') }}

),

audiences as (

    select * from {{ ref('strategy_audiences') }}

),

options as (

    select * from {{ ref('strategy_options') }}

),

sums as (

    select
        goal,
        attribute,
        count(*) as audience_count,
        count(case when is_there then 1 end) as there_count,
        sum(received_count) as received_count,
        sum(valid_count) as valid_count,
        count(case when is_fresh then 1 end) as fresh_count,
        median(age_days) as median_age_days,
        count(case when is_allowed then 1 end) as allowed_count,
        count(case when is_usable then 1 end) as usable_count
    from audiences
    group by goal, attribute

),

given as (

    select
        goal,
        attribute,
        source,
        count(*) as given_count,
        row_number() over (
            partition by goal, attribute
            order by count(*) desc, source asc
        ) as source_rank
    from audiences
    where is_there
    group by goal, attribute, source

),

-- Shares are compared as the counts they mean: nothing is rounded.
counted as (

    select
        needs.*,
        coalesce(sums.audience_count, 0) as audience_count,
        coalesce(sums.there_count, 0) as there_count,
        cast(coalesce(sums.received_count, 0) as bigint) as received_count,
        cast(coalesce(sums.valid_count, 0) as bigint) as valid_count,
        coalesce(sums.fresh_count, 0) as fresh_count,
        sums.median_age_days,
        coalesce(sums.allowed_count, 0) as allowed_count,
        coalesce(sums.usable_count, 0) as usable_count,
        cast(ceil(needs.needed_coverage * coalesce(sums.audience_count, 0)) as bigint)
            as needed_count,
        given.source as main_source,
        coalesce(given.given_count, 0) as main_source_count
    from needs
    left join sums
        on
            needs.goal = sums.goal
            and needs.attribute = sums.attribute
    left join given
        on
            needs.goal = given.goal
            and needs.attribute = given.attribute
            and given.source_rank = 1

),

judged as (

    select
        *,
        greatest(needed_count - usable_count, 0) as short_count,
        case
            when audience_count = 0 then 'not yet'
            when usable_count >= needed_count then 'grounded'
            when
                usable_count
                >= cast({{ var('strategy_partly_share') }} as decimal(5, 4))
                * needed_coverage * audience_count
                then 'partly'
            else 'not yet'
        end as verdict
    from counted

),

-- A gain beyond what is short closes nothing.
options_weighed as (

    select
        options.*,
        case
            when options.gain_count < judged.short_count then options.gain_count
            when options.gain_count is not null then judged.short_count
        end / options.cost_days as closed_a_day
    from options
    inner join judged
        on
            options.goal = judged.goal
            and options.attribute = judged.attribute
    where judged.short_count > 0

),

options_ranked as (

    select
        *,
        row_number() over (
            partition by goal, attribute
            order by
                closed_a_day desc nulls last,
                cost_days asc,
                step asc,
                source asc,
                rule asc
        ) as option_rank
    from options_weighed

),

options_summed as (

    select
        goal,
        attribute,
        sum(gain_count) as known_gain_count
    from options
    group by goal, attribute

),

ready as (

    select
        goal,
        customer_id,
        bool_and(is_usable) as is_ready,
        max(measured_value) as measured_value
    from audiences
    group by goal, customer_id

),

measured as (

    select
        goal,
        count(*) as customer_count,
        count(case when is_ready then 1 end) as ready_count,
        count(measured_value) as measured_count,
        sum(measured_value) as measured_sum
    from ready
    group by goal

),

stepped as (

    select
        judged.*,
        options_ranked.step,
        options_ranked.source,
        options_ranked.rule,
        options_ranked.instruction,
        options_ranked.gain_count,
        options_ranked.cost_days,
        options_summed.known_gain_count,
        coalesce(measured.ready_count, 0) as ready_count,
        case judged.target_by
            when 'sum' then cast(measured.measured_sum as double)
            when 'average' then measured.measured_sum / measured.customer_count
            else
                case
                    when judged.target_column is null then measured.ready_count
                    else measured.measured_count
                end
                / case when judged.target_by = 'share' then measured.customer_count else 1 end
        end as measured_value,
        case
            when bool_or(judged.verdict = 'not yet') over (partition by judged.goal)
                then 'not yet'
            when bool_or(judged.verdict = 'partly') over (partition by judged.goal) then 'partly'
            else 'grounded'
        end as goal_verdict,
        -- The largest gap that something is known to close; without, the largest.
        row_number() over (
            partition by judged.goal
            order by
                coalesce(options_ranked.gain_count, 0) > 0 desc,
                judged.short_count desc,
                judged.attribute asc
        ) as gap_rank
    from judged
    left join options_ranked
        on
            judged.goal = options_ranked.goal
            and judged.attribute = options_ranked.attribute
            and options_ranked.option_rank = 1
    left join options_summed
        on
            judged.goal = options_summed.goal
            and judged.attribute = options_summed.attribute
    left join measured
        on judged.goal = measured.goal

),

goals as (

    select
        ---------- ids
        goal,
        attribute,

        ---------- the goal
        label,
        kind,
        owner,
        audience,
        purpose,
        channel,
        basis,
        measure,
        target_by,
        target_value,
        measured_value,
        coalesce(measured_value >= target_value, false) as is_target_reached,
        goal_verdict,
        audience_count,
        ready_count,

        ---------- what is asked of the attribute
        needed_coverage,
        needed_days,

        ---------- what there is of it
        verdict,
        there_count,
        cast(there_count as double) / nullif(audience_count, 0) as there_share,
        cast(valid_count as double) / nullif(received_count, 0) as valid_share,
        cast(fresh_count as double) / nullif(there_count, 0) as fresh_share,
        median_age_days,
        cast(allowed_count as double) / nullif(audience_count, 0) as allowed_share,
        usable_count,
        cast(usable_count as double) / nullif(audience_count, 0) as usable_share,
        main_source,
        cast(main_source_count as double) / nullif(there_count, 0) as main_source_share,
        audience_count - there_count as missing_count,
        short_count,
        cast(short_count as double) / nullif(audience_count, 0) as short_share,

        ---------- what is next
        step as next_step,
        nullif(source, 'none') as next_source,
        nullif(rule, 'none') as next_rule,
        instruction as next_instruction,
        gain_count as next_gain_count,
        cost_days as next_cost_days,
        cast(coalesce(known_gain_count, 0) as bigint) as known_gain_count,
        step is not null and gap_rank = 1 as is_next_of_goal
    from stepped

)

select * from goals
