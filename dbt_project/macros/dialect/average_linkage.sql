{#
    Groups grow by joining, in every round at once, all pairs of groups that are each other's best: those
    whose records weigh most for each other on average, as long as that is not against them. A pair
    that is not there weighs nothing. Ties are broken by the numbers alone, so that there is one result.
#}

{% macro average_linkage(pairs) -%}
    {{ return(adapter.dispatch('average_linkage')(pairs)) }}
{%- endmacro %}

{% macro default__average_linkage(pairs) -%}
    {#- Scattered, or a row of ties would join end to end, one a round. -#}
    {%- set tie_break -%}
        (
            (least(one, other) % 1000003 * 7919 + greatest(one, other) % 1000003 * 104729) % 1000003,
            least(one, other),
            greatest(one, other)
        )
    {%- endset %}
    (
        with recursive

        groupings as (

            select
                0 as round_number,
                false as is_merge,
                component,
                record_number as one,
                other_record_number as other,
                cast(sum(linkage_weight) as bigint) as weight,
                cast(1 as bigint) as one_size,
                cast(1 as bigint) as other_size
            from {{ pairs }}
            group by component, record_number, other_record_number

            union all

            (
                with

                sides as (

                    select
                        component,
                        one as member,
                        other as neighbour,
                        cast(weight as double) / (one_size * other_size) as average,
                        {{ tie_break }} as tie_break
                    from groupings
                    where not is_merge and weight >= 0

                    union all

                    select
                        component,
                        other,
                        one,
                        cast(weight as double) / (one_size * other_size),
                        {{ tie_break }}
                    from groupings
                    where not is_merge and weight >= 0

                ),

                best as (

                    select
                        component,
                        member,
                        arg_max(neighbour, (average, tie_break))
                            as neighbour
                    from sides
                    group by component, member

                ),

                merges as (

                    select
                        here.component,
                        here.member as kept,
                        here.neighbour as given_up
                    from best as here
                    inner join best as there
                        on
                            here.neighbour = there.member
                            and here.member = there.neighbour
                            and here.member < there.member

                ),

                sizes as (

                    select
                        one as member,
                        one_size as member_size
                    from groupings
                    where not is_merge

                    union

                    select
                        other,
                        other_size
                    from groupings
                    where not is_merge

                ),

                moved as (

                    select
                        merges.component,
                        members.member,
                        merges.kept,
                        kept_sizes.member_size + given_up_sizes.member_size as new_size
                    from merges
                    inner join sizes as kept_sizes
                        on merges.kept = kept_sizes.member
                    inner join sizes as given_up_sizes
                        on merges.given_up = given_up_sizes.member
                    cross join lateral (
                        select unnest([merges.kept, merges.given_up]) as member
                    ) as members

                ),

                redrawn as (

                    select
                        groupings.component,
                        groupings.weight,
                        coalesce(ones.kept, groupings.one) as one,
                        coalesce(others.kept, groupings.other) as other,
                        coalesce(ones.new_size, groupings.one_size) as one_size,
                        coalesce(others.new_size, groupings.other_size) as other_size,
                        max(groupings.round_number) over () as round_number
                    from groupings
                    left join moved as ones
                        on groupings.one = ones.member
                    left join moved as others
                        on groupings.other = others.member
                    where
                        not groupings.is_merge
                        -- A component without a merge is done.
                        and groupings.component in (select component from merges)

                )

                select
                    round_number + 1,
                    false,
                    component,
                    least(one, other),
                    greatest(one, other),
                    cast(sum(weight) as bigint),
                    any_value(case when one < other then one_size else other_size end),
                    any_value(case when one < other then other_size else one_size end)
                from redrawn
                where one <> other
                group by round_number, component, least(one, other), greatest(one, other)

                union all

                select
                    0,
                    true,
                    component,
                    kept,
                    given_up,
                    0,
                    0,
                    0
                from merges
            )

        )

        select
            one as node,
            other as neighbour
        from groupings
        where is_merge
    )
{%- endmacro %}
