{#
    Here rather than in a model: `cdi privacy status` judges by the same SQL, at the time it is asked.
    An extension holds only where the person was told of it before the first term was over.
#}

{% macro judged_requests(requests, laws, judged_at) -%}
    with

    termed as (

        select
            requests.*,
            {{ business_days_after('requests.received_at', 'laws.acknowledge_business_days') }}
                as acknowledge_due_at,
            case
                when laws.answer_months is not null
                    then {{ months_after('requests.received_at', 'laws.answer_months') }}
                when laws.answer_days is not null
                    then {{ days_after('requests.received_at', 'laws.answer_days') }}
                else {{ business_days_after('requests.received_at', 'laws.answer_business_days') }}
            end as first_due_at,
            case
                when laws.extended_months is not null
                    then {{ months_after('requests.received_at', 'laws.extended_months') }}
                else {{ days_after('requests.received_at', 'laws.extended_days') }}
            end as extended_due_at
        from {{ requests }} as requests
        left join {{ laws }} as laws
            on
                requests.law = laws.law
                and requests.kind = laws.kind

    ),

    due as (

        select
            *,
            extended_due_at is not null
            and coalesce(extended_at <= first_due_at, false) as is_extended,
            case
                when extended_due_at is not null and extended_at <= first_due_at
                    then extended_due_at
                else first_due_at
            end as answer_due_at
        from termed

    ),

    awaited as (

        select
            *,
            -- Whoever has an answer need not be told that the request came.
            acknowledge_due_at is not null
            and acknowledged_at is null
            and completed_at is null as awaits_acknowledgement
        from due

    ),

    judged as (

        select
            request_id,
            kind,
            law,
            case
                when completed_at is not null then 'answered'
                when awaits_acknowledgement then 'to acknowledge'
                else 'to answer'
            end as state,
            outcome,
            coalesce(records, 0) as record_count,
            is_extended,
            case
                when completed_at is not null then false
                else
                    coalesce({{ judged_at }} > answer_due_at, false)
                    or (
                        awaits_acknowledgement
                        and {{ judged_at }} > acknowledge_due_at
                    )
            end as is_overdue,
            coalesce(completed_at > answer_due_at, false)
            or coalesce(acknowledged_at > acknowledge_due_at, false) as was_late,
            received_at,
            acknowledge_due_at,
            acknowledged_at,
            answer_due_at,
            extended_at,
            completed_at,
            case
                when completed_at is not null then null
                when awaits_acknowledgement and acknowledge_due_at < answer_due_at
                    then acknowledge_due_at
                else answer_due_at
            end as next_due_at,
            {{ judged_at }} as judged_at
        from awaited

    )

    select * from judged
{%- endmacro %}
