{#
    How many people have a value is told by the sound of their names, in the alphabet most of them are
    written in; where names do not tell, as of a name itself, by the profiles that have it. Most values
    are one profile's: people are told apart only where it takes telling.
#}

{% macro value_chances(profiles, populations, bases, column, attribute) -%}
    {%- set told_by_names = column in ['birth_date', 'email', 'phone', 'address_key'] -%}
    {#- Strangers share birth dates: in two alphabets, too, two names are then two people. -#}
    {%- set told_apart -%}
        {%- if column == 'birth_date' -%}
            greatest(
                count(distinct profiles.latin_name) + count(distinct profiles.other_name), 1
            )
        {%- else -%}
            greatest(
                count(distinct profiles.latin_name), count(distinct profiles.other_name), 1
            )
        {%- endif -%}
    {%- endset -%}
    {%- set people = 'coalesce(shared.people, counted.profile_count)' -%}
    (
        with

        counted as (

            select
                entity,
                {{ column }},
                count(*) as profile_count
            from {{ profiles }}
            where {{ column }} is not null
            group by entity, {{ column }}

        ),

        shared as (

            select
                profiles.entity,
                profiles.{{ column }},
                {{ told_apart }} as people
            from {{ profiles }} as profiles
            inner join counted
                on
                    profiles.entity = counted.entity
                    and profiles.{{ column }} = counted.{{ column }}
                    and counted.profile_count > 1
            where {{ told_by_names | lower }}
            group by profiles.entity, profiles.{{ column }}

        )

        select
            counted.entity,
            counted.{{ column }},
            {{ people }} as people,
            {{ chance_agreement(people, 'populations.population', 'bases.among_others') }} as chance
        from counted
        inner join {{ populations }} as populations
            on counted.entity = populations.entity
        inner join {{ bases }} as bases
            on
                counted.entity = bases.entity
                and bases.attribute = '{{ attribute }}'
        left join shared
            on
                counted.entity = shared.entity
                and counted.{{ column }} = shared.{{ column }}
    )
{%- endmacro %}
