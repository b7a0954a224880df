{#
    What state a record is in depends on its source, its dataset and which attributes it knows, and
    on little else: the rules are held against the few combinations there are, not every record.
#}

{% macro record_states(records, rules, entity) -%}
    (
        with

        combinations as (

            select distinct
                source,
                dataset,
                known_attributes
            from {{ records }}

        ),

        matched as (

            select
                combinations.*,
                rules.state,
                rules.requirement,
                rules.maximum_days,
                combinations.known_attributes like '%,' || rules.attribute || ',%' as is_known,
                -- Rules for a dataset stand before those for its source, those before the rest.
                rank() over (
                    partition by
                        combinations.source,
                        combinations.dataset,
                        combinations.known_attributes,
                        rules.state
                    order by length(nullif(rules.records, '*')) desc nulls last
                ) as generality
            from combinations
            left join {{ rules }} as rules
                on
                    rules.entity = '{{ entity }}'
                    and rules.records in (
                        '*',
                        combinations.source,
                        combinations.source || ':' || combinations.dataset
                    )

        ),

        required as (

            select
                source,
                dataset,
                known_attributes,
                state,
                requirement,
                max(maximum_days) as maximum_days,
                bool_or(is_known) as is_met
            from matched
            where generality = 1
            group by source, dataset, known_attributes, state, requirement

        )

        select
            source,
            dataset,
            known_attributes,
            coalesce(bool_or(state = 'incomplete' and not is_met), false) as is_incomplete,
            max(case when state = 'stale' then maximum_days end) as stale_after_days,
            coalesce(bool_or(state = 'legacy'), false) as is_legacy
        from required
        group by source, dataset, known_attributes
    )
{%- endmacro %}
