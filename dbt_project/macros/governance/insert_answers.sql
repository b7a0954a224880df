{# Kept beside the checks of each run: they tell since when an answer is what it is. #}

{% macro insert_answers(checks, run_id, checked_at) -%}
    insert into {{ checks }} (
        run_id, check_id, check_name, model, column_name, dimension, owner, status, failures,
        observed, threshold, detail, is_whole_build, checked_at
    )
    select
        '{{ run_id }}' as run_id,
        'answer.' || dimension as check_id,
        'answer' as check_name,
        null as model,
        null as column_name,
        dimension,
        null as owner,
        case answer when 'yes' then 'pass' else 'fail' end as status,
        failed_count as failures,
        failed_count as observed,
        null as threshold,
        null as detail,
        false as is_whole_build,
        {{ checked_at }} as checked_at
    from {{ checks.incorporate(path={'identifier': 'scorecard'}) }}
{%- endmacro %}
