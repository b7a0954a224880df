{#
    Here rather than in a model: `cdi privacy retain` judges by the same SQL, at the time it is asked.
    What is as old as it may be to the second is kept still; a second later it is past its time. Of
    several purposes the longest holds, and of two as long the one that deletes.
#}

{% macro judged_retention(records, rules, retentions, judged_at) -%}
    with

    holding as (

        select
            pii,
            purpose,
            keep_days,
            outcome,
            row_number() over (
                partition by pii
                order by keep_days desc, outcome desc, purpose asc
            ) as rule_rank
        from {{ rules }}

    ),

    retained as (

        select
            record_key,
            pii,
            max(retained_at) as retained_at
        from {{ retentions }}
        group by record_key, pii

    ),

    judged as (

        select
            records.customer_id,
            records.record_key,
            holding.pii,
            holding.purpose,
            holding.keep_days,
            holding.outcome,
            records.last_active_at,
            coalesce(
                {{ judged_at }} > {{ days_after('records.last_active_at', 'holding.keep_days') }},
                false
            ) as is_past,
            -- What was delivered since is there again.
            coalesce(retained.retained_at >= records.loaded_at, false) as is_done
        from {{ records }} as records
        cross join holding
        left join retained
            on
                records.record_key = retained.record_key
                and holding.pii = retained.pii
        where holding.rule_rank = 1

    )

    select * from judged
{%- endmacro %}
