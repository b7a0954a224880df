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

{% macro spark__average_linkage(pairs) -%}
    {#-
        As above. Spark's recursion knows no groups, so rounds are written out. Each pair is there both
        ways, and what has been joined is carried along.
    -#}
    {%- set rounds = 12 -%}
    {%- set rank -%}
        struct(
            cast(weight as double) / (one_size * other_size),
            (least(one, other) % 1000003 * 7919 + greatest(one, other) % 1000003 * 104729) % 1000003,
            least(one, other),
            greatest(one, other)
        )
    {%- endset %}
    {%- set is_open = 'not is_merge and weight >= 0' -%}
    (
        with

        summed as (

            select
                component,
                record_number as one,
                other_record_number as other,
                cast(sum(linkage_weight) as bigint) as weight
            from {{ pairs }}
            group by component, record_number, other_record_number

        ),

        both_ways as (

            select
                component,
                inline(array(struct(one, other), struct(other as one, one as other))),
                weight
            from summed

        ),

        round_0 as (

            select
                /*+ repartition(component) */
                component,
                one,
                other,
                weight,
                cast(1 as bigint) as one_size,
                cast(1 as bigint) as other_size,
                false as is_merge
            from both_ways

        ),

    {% for round in range(rounds) %}
        ranked_{{ round }} as (

            select
                *,
                max_by(
                    case when {{ is_open }} then other end, case when {{ is_open }} then {{ rank }} end
                ) over (partition by component, one) = other as is_best_of_one,
                max_by(
                    case when {{ is_open }} then one end, case when {{ is_open }} then {{ rank }} end
                ) over (partition by component, other) = one as is_best_of_other
            from round_{{ round }}

        ),

        joined_{{ round }} as (

            select
                *,
                not is_merge
                and weight >= 0
                and coalesce(is_best_of_one and is_best_of_other, false) as is_joined
            from ranked_{{ round }}

        ),

        partnered_{{ round }} as (

            select
                *,
                max(case when is_joined then other end) over (partition by component, one)
                    as partner_of_one,
                max(case when is_joined then other_size end) over (partition by component, one)
                    as added_to_one,
                max(case when is_joined then one end) over (partition by component, other)
                    as partner_of_other,
                max(case when is_joined then one_size end) over (partition by component, other)
                    as added_to_other
            from joined_{{ round }}

        ),

        redrawn_{{ round }} as (

            select
                component,
                case
                    when is_merge or is_joined then one
                    else least(one, coalesce(partner_of_one, one))
                end as one,
                case
                    when is_merge or is_joined then other
                    else least(other, coalesce(partner_of_other, other))
                end as other,
                weight,
                one_size + coalesce(added_to_one, 0) as one_size,
                other_size + coalesce(added_to_other, 0) as other_size,
                is_merge or is_joined as is_merge,
                is_joined
            from partnered_{{ round }}
            where is_merge or not is_joined or one < other

        ),

        round_{{ round + 1 }} as (

            select
                component,
                one,
                other,
                weight,
                one_size,
                other_size,
                is_merge,
                is_joined as was_joined
            from (
                select
                    component,
                    one,
                    other,
                    cast(
                        sum(weight) over (partition by component, one, other, is_merge) as bigint
                    ) as weight,
                    one_size,
                    other_size,
                    is_merge,
                    is_joined,
                    row_number() over (
                        partition by component, one, other, is_merge
                        order by weight
                    ) as place
                from redrawn_{{ round }}
            )
            where place = 1

        ),

    {% endfor %}
        merges as (

            select
                one as node,
                other as neighbour,
                was_joined
            from round_{{ rounds }}
            where is_merge

        )

        select
            case
                when was_joined then raise_error('average_linkage: {{ rounds }} rounds are too few')
                else node
            end as node,
            neighbour
        from merges
    )
{%- endmacro %}
