{#
    Randomised contraction (Bögeholz, Brand, Todor: In-database connected component analysis, 2020).
    In every round each node gives way to whichever of itself and its neighbours hashes lowest that
    round, and the edges are redrawn between those representatives until none is left. The edges
    shrink by a constant factor a round whatever the shape, so a chain of 10,000 takes some twenty
    rounds, where passing the smallest label along would take 10,000. The hash decides only how
    fast it goes: the result is the same whatever it is.
#}

{% macro connected_components(edges) -%}
    {{ return(adapter.dispatch('connected_components')(edges)) }}
{%- endmacro %}

{% macro default__connected_components(edges) -%}
    (
        with recursive

        contractions as (

            select
                1 as contraction,
                node,
                neighbour
            from (
                select node, neighbour from {{ edges }}
                union
                select neighbour, node from {{ edges }}
            )
            where node <> neighbour

            union all

            (
                with

                representatives as (

                    select
                        node,
                        case
                            when min(hash(neighbour, contraction)) < hash(node, contraction)
                                then arg_min(neighbour, hash(neighbour, contraction))
                            else node
                        end as representative
                    from contractions
                    group by contraction, node

                )

                select distinct
                    contractions.contraction + 1,
                    here.representative,
                    there.representative
                from contractions
                inner join representatives as here
                    on contractions.node = here.node
                inner join representatives as there
                    on contractions.neighbour = there.node
                where here.representative <> there.representative
            )

        ),

        representatives as (

            select
                contraction,
                node,
                case
                    when min(hash(neighbour, contraction)) < hash(node, contraction)
                        then arg_min(neighbour, hash(neighbour, contraction))
                    else node
                end as representative
            from contractions
            group by contraction, node

        ),

        walks as (

            select
                contraction,
                node,
                representative
            from representatives
            where contraction = 1

            union all

            select
                representatives.contraction,
                walks.node,
                representatives.representative
            from walks
            inner join representatives
                on
                    walks.representative = representatives.node
                    and walks.contraction + 1 = representatives.contraction

        ),

        last_representatives as (

            select
                node,
                arg_max(representative, contraction) as representative
            from walks
            group by node

        )

        select
            node,
            min(node) over (partition by representative) as component
        from last_representatives
    )
{%- endmacro %}

{% macro spark__connected_components(edges) -%}
    {#-
        As above. Spark's recursion knows no groups, so rounds are written out, one around the other: as
        many as 30,000 nodes in a row take. As steps of a `with` they would be read far more slowly.
    -#}
    {%- set rounds = 16 -%}
    {%- set both_ways -%}
        select
            node,
            neighbour,
            node as here,
            neighbour as there
        from (
            select node, neighbour from {{ edges }}
            union
            select neighbour, node from {{ edges }}
        )
        where node <> neighbour
    {%- endset -%}
    {%- set contracted = namespace(sql=both_ways) -%}
    {%- for round in range(rounds) -%}
        {%- set contracted.sql -%}
            select
                node,
                neighbour,
                case
                    when xxhash64(nearest_here, {{ round }}) < xxhash64(here, {{ round }})
                        then nearest_here
                    else here
                end as here,
                case
                    when xxhash64(nearest_there, {{ round }}) < xxhash64(there, {{ round }})
                        then nearest_there
                    else there
                end as there
            from (
                select
                    *,
                    min_by(there, xxhash64(there, {{ round }})) over (partition by here)
                        as nearest_here,
                    min_by(here, xxhash64(here, {{ round }})) over (partition by there)
                        as nearest_there
                from ({{ contracted.sql }})
            )
        {%- endset -%}
    {%- endfor -%}
    (
        with

        represented as (

            select
                node,
                max(case
                    when here = there then here
                    else raise_error('connected_components: {{ rounds }} rounds are too few')
                end) as representative
            from ({{ contracted.sql }})
            group by node

        )

        select
            node,
            min(node) over (partition by representative) as component
        from represented
    )
{%- endmacro %}
