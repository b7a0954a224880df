{#
    Compared are medians: one odd day among those before neither hides the next nor becomes what is
    expected. The spread is taken to be no less than the least of the seed, and than chance makes
    where rows are few: a table that never changed is not odd the first time it does.
#}

with

figures as (

    select * from {{ ref('figure_history') }}

),

anomaly_limits as (

    select * from {{ ref('anomaly_limits') }}

),

aged as (

    select
        model,
        column_name,
        figure,
        figure_value,
        row_count,
        as_of,
        row_number() over (partition by model, column_name, figure order by as_of desc) as age,
        max(as_of) over () as latest_as_of
    from figures

),

latest as (

    select * from aged
    where age = 1 and as_of = latest_as_of

),

history as (

    select
        aged.model,
        aged.column_name,
        aged.figure,
        aged.figure_value,
        aged.row_count,
        median(aged.figure_value)
            over (partition by aged.model, aged.column_name, aged.figure)
            as usual_value
    from aged
    inner join latest
        on
            aged.model = latest.model
            and aged.column_name = latest.column_name
            and aged.figure = latest.figure
    inner join anomaly_limits
        on aged.figure = anomaly_limits.figure
    where aged.age between 2 and anomaly_limits.history_length + 1

),

usual as (

    select
        model,
        column_name,
        figure,
        max(usual_value) as usual_value,
        -- The deviation of a normal distribution that has this median of deviations.
        1.4826 * median(abs(figure_value - usual_value)) as spread,
        median(row_count) as usual_row_count,
        count(*) as history_count
    from history
    group by model, column_name, figure

),

compared as (

    select
        latest.model,
        latest.column_name,
        latest.figure,
        latest.figure_value,
        latest.row_count,
        latest.as_of,
        usual.usual_value,
        coalesce(usual.history_count, 0) as history_count,
        anomaly_limits.highest_score,
        greatest(
            usual.spread,
            anomaly_limits.least_relative_spread * abs(usual.usual_value),
            anomaly_limits.least_absolute_spread,
            case
                when latest.figure = 'rows' then sqrt(usual.usual_value)
                when latest.figure in ('filled_share', 'distinct_share')
                    then 0.5 / sqrt(greatest(usual.usual_row_count, 1))
                else 0
            end
        ) as spread,
        coalesce(usual.history_count, 0) >= anomaly_limits.minimum_history
        and greatest(latest.row_count, usual.usual_row_count) >= anomaly_limits.minimum_rows
            as is_judged
    from latest
    inner join anomaly_limits
        on latest.figure = anomaly_limits.figure
    left join usual
        on
            latest.model = usual.model
            and latest.column_name = usual.column_name
            and latest.figure = usual.figure

),

scored as (

    select
        ---------- ids
        model,
        column_name,
        figure,

        ---------- numbers
        figure_value,
        usual_value,
        spread as usual_spread,
        (figure_value - usual_value) / spread as score,
        highest_score,
        history_count,

        ---------- booleans
        is_judged,
        coalesce(is_judged and abs(figure_value - usual_value) > highest_score * spread, false)
            as is_anomaly,

        ---------- timestamps
        as_of
    from compared

)

select * from scored
