{#
    What is measured without being a test of dbt, in the form of the checks it is written to when a
    run ends, and when `cdi governance` looks. Dimension and owner are those of the seed `governance_measures`.
#}

{{ config(materialized='view') }}

with

service_levels as (

    select * from {{ ref('service_levels') }}

),

figure_anomalies as (

    select * from {{ ref('figure_anomalies') }}

),

load_reconciliation as (

    select * from {{ ref('load_reconciliation') }}

),

fact_reconciliation as (

    select * from {{ ref('fact_reconciliation') }}

),

column_quality as (

    select * from {{ ref('column_quality') }}

),

identity_benchmarks as (

    select * from {{ ref('identity_benchmarks') }}

),

data_dictionary as (

    select * from {{ ref('data_dictionary') }}

),

pii_inventory as (

    select * from {{ ref('pii_inventory') }}

),

incidents as (

    select * from {{ ref('stg_incidents__incidents') }}

),

incident_steps as (

    select * from {{ ref('stg_incidents__incident_steps') }}

),

requests as (

    select * from {{ ref('stg_privacy__requests') }}

),

privacy_laws as (

    select * from {{ ref('privacy_laws') }}

),

retention_status as (

    select * from {{ ref('retention_status') }}

),

governance_measures as (

    select * from {{ ref('governance_measures') }}

),

of_service_levels as (

    select
        case kind
            when 'source' then 'source_freshness'
            when 'mart' then 'mart_freshness'
            else 'whole_build'
        end as check_name,
        name as model,
        cast(null as string) as column_name,
        case outcome
            when 'met' then 'pass'
            when 'not loaded' then 'not run'
            else 'fail'
        end as status,
        case when outcome in ('missed', 'never built') then 1 else 0 end as failures,
        age_hours as observed,
        'at most ' || round(allowed_hours, 1) || ' hours' as threshold,
        case
            when outcome in ('missed', 'met') then round(age_hours, 1) || ' hours old'
            else outcome
        end as detail
    from service_levels

),

of_anomalies as (

    select
        'figure_anomaly' as check_name,
        model,
        cast(null as string) as column_name,
        case
            when count(case when is_anomaly then 1 end) > 0 then 'fail'
            when count(case when is_judged then 1 end) = 0 then 'not run'
            else 'pass'
        end as status,
        count(case when is_anomaly then 1 end) as failures,
        max(case when is_judged then abs(score) end) as observed,
        'at most ' || max(highest_score) || ' times the usual spread' as threshold,
        coalesce(
            nullif(
                {{
                    join_sorted(
                        "case when is_anomaly then figure || coalesce(' of ' || nullif(column_name, ''), '')"
                        ~ " || ' ' || round(figure_value, 3) || ', usually ' || round(usual_value, 3) end",
                        "', '"
                    )
                }},
                ''
            ),
            case when count(case when is_judged then 1 end) = 0 then 'too few states to compare' end
        ) as detail
    from figure_anomalies
    group by model

),

of_loads as (

    select
        'load_reconciliation' as check_name,
        source as model,
        cast(null as string) as column_name,
        case when sum(abs(records_unaccounted_for)) = 0 then 'pass' else 'fail' end as status,
        sum(abs(records_unaccounted_for)) as failures,
        cast(sum(records_received) as double) as observed,
        'none unaccounted for' as threshold,
        cast(null as string) as detail
    from load_reconciliation
    group by source

),

of_facts as (

    select
        'fact_reconciliation' as check_name,
        fact as model,
        cast(null as string) as column_name,
        case
            when sum(abs(unaccounted_count)) = 0 and sum(abs(unaccounted_amount)) = 0 then 'pass'
            else 'fail'
        end as status,
        sum(abs(unaccounted_count)) as failures,
        cast(sum(staged_count) as double) as observed,
        'none unaccounted for' as threshold,
        cast(null as string) as detail
    from fact_reconciliation
    group by fact

),

of_columns as (

    select
        'column_quality' as check_name,
        model,
        column_name,
        case
            when score is null then 'not run'
            when below_target is null then 'pass'
            else 'fail'
        end as status,
        case when below_target is null then 0 else 1 end as failures,
        score as observed,
        'as the seed quality_targets says' as threshold,
        'below its target: ' || below_target as detail
    from column_quality

),

of_benchmarks as (

    select
        'identity_benchmark' as check_name,
        benchmark as model,
        cast(null as string) as column_name,
        case when is_alert then 'warn' else 'pass' end as status,
        case when is_alert then 1 else 0 end as failures,
        observed,
        'at most ' || alert_above as threshold,
        cast(null as string) as detail
    from identity_benchmarks

),

of_descriptions as (

    select
        'columns_described' as check_name,
        model,
        cast(null as string) as column_name,
        case
            when count(case when is_described then 1 end) = count(*) then 'pass'
            else 'fail'
        end as status,
        count(case when not is_described then 1 end) as failures,
        cast(count(case when is_described then 1 end) as double) as observed,
        count(*) || ' described' as threshold,
        {{ join_sorted("case when not is_described then column_name end", "', '") }} as detail
    from data_dictionary
    group by model

),

definitions as (

    select
        column_name,
        description,
        count(*) as model_count,
        count(case when not is_shared_definition then 1 end) as repeated_count
    from data_dictionary
    where is_described
    group by column_name, description
    having count(*) > 1

),

of_definitions as (

    select
        'definitions_shared' as check_name,
        cast(null as string) as model,
        cast(null as string) as column_name,
        case when coalesce(sum(repeated_count), 0) = 0 then 'pass' else 'fail' end as status,
        coalesce(sum(repeated_count), 0) as failures,
        cast(count(*) as double) as observed,
        'each written once' as threshold,
        nullif(
            {{ join_sorted("case when repeated_count > 0 then column_name end", "', '") }}, ''
        ) as detail
    from definitions

),

of_use as (

    select
        'use_known' as check_name,
        cast(null as string) as model,
        cast(null as string) as column_name,
        case
            when count(distinct case when exposures <> '' then model end) > 0 then 'pass'
            else 'fail'
        end as status,
        count(distinct case when exposures = '' then model end) as failures,
        cast(count(distinct case when exposures <> '' then model end) as double) as observed,
        'at least one exposure' as threshold,
        count(distinct case when exposures <> '' then model end) || ' of '
        || count(distinct model) || ' public models are used by an exposure' as detail
    from data_dictionary

),

of_bases as (

    select
        'basis_known' as check_name,
        cast(null as string) as model,
        cast(null as string) as column_name,
        case
            when count(case when legal_bases is null or keep_days is null then 1 end) = 0
                then 'pass'
            else 'fail'
        end as status,
        count(case when legal_bases is null or keep_days is null then 1 end) as failures,
        cast(count(*) as double) as observed,
        'a purpose, a basis and a time to keep for each' as threshold,
        nullif(
            {{
                join_sorted(
                    "distinct case when legal_bases is null or keep_days is null then pii end",
                    "', '"
                )
            }},
            ''
        ) as detail
    from pii_inventory
    where pii <> 'none'

),

of_incidents as (

    select
        'incident_closed' as check_name,
        cast(null as string) as model,
        cast(null as string) as column_name,
        case when count(case when closed_at is null then 1 end) = 0 then 'pass' else 'fail' end
            as status,
        count(case when closed_at is null then 1 end) as failures,
        cast(count(*) as double) as observed,
        'none open' as threshold,
        nullif({{ join_sorted("case when closed_at is null then incident_id end", "', '") }}, '')
            as detail
    from incidents

),

overdue_steps as (

    select
        incident_steps.incident_id,
        incident_steps.step
    from incident_steps
    inner join incidents
        on incident_steps.incident_id = incidents.incident_id
    where
        incidents.closed_at is null
        and incident_steps.done_at is null
        and incident_steps.due_at < {{ present_time() }}

),

of_incident_steps as (

    select
        'incident_steps_in_time' as check_name,
        cast(null as string) as model,
        cast(null as string) as column_name,
        case when count(*) = 0 then 'pass' else 'fail' end as status,
        count(*) as failures,
        cast(count(*) as double) as observed,
        'none overdue' as threshold,
        nullif({{ join_sorted("distinct incident_id || ' ' || step", "', '") }}, '') as detail
    from overdue_steps

),

judged_requests as (

    {{ judged_requests('requests', 'privacy_laws', present_time()) }}

),

of_requests as (

    select
        'requests_in_time' as check_name,
        cast(null as string) as model,
        cast(null as string) as column_name,
        case when count(case when is_overdue then 1 end) = 0 then 'pass' else 'fail' end as status,
        count(case when is_overdue then 1 end) as failures,
        cast(count(case when state <> 'answered' then 1 end) as double) as observed,
        'none overdue' as threshold,
        nullif(
            {{
                join_sorted(
                    "case when is_overdue then request_id || ' (' || kind || ', ' || law || ')' end",
                    "', '"
                )
            }},
            ''
        ) as detail
    from judged_requests

),

of_retention as (

    select
        'retention_kept' as check_name,
        pii as model,
        purpose as column_name,
        case when kept_record_count = 0 then 'pass' else 'fail' end as status,
        kept_record_count as failures,
        cast(past_record_count as double) as observed,
        'kept ' || keep_days || ' days at most' as threshold,
        case
            when kept_record_count > 0
                then 'records of the class, for the purpose, past their time: ' || kept_record_count
        end as detail
    from retention_status

),

unioned as (

    {% for measured in [
        'of_service_levels', 'of_anomalies', 'of_loads', 'of_facts', 'of_columns', 'of_benchmarks',
        'of_descriptions', 'of_definitions', 'of_use', 'of_bases', 'of_incidents',
        'of_incident_steps', 'of_requests', 'of_retention'
    ] %}
        select
            check_name,
            model,
            column_name,
            status,
            failures,
            observed,
            threshold,
            detail
        from {{ measured }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

measured as (

    select
        ---------- ids
        'measure.' || unioned.check_name
        || coalesce('.' || unioned.model, '')
        || coalesce('.' || unioned.column_name, '') as check_id,

        ---------- text
        unioned.check_name,
        unioned.model,
        unioned.column_name,
        governance_measures.dimension,
        governance_measures.owner,
        unioned.status,
        unioned.threshold,
        nullif(unioned.detail, '') as detail,

        ---------- numbers
        cast(unioned.failures as bigint) as failures,
        cast(unioned.observed as double) as observed
    from unioned
    inner join governance_measures
        on unioned.check_name = governance_measures.check_name

)

select * from measured
