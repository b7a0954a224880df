{#
    How many people have a value is told by the sound of their names, in the alphabet most of them are
    written in; where names do not tell, as of a name itself, by the profiles that have it.
#}

{% macro value_chances(profiles, populations, bases, column, attribute) -%}
    {%- set is_told_by_names = column in ['birth_date', 'email', 'phone', 'address_key'] -%}
    {%- set people = 'coalesce(shared.people, 1)' if is_told_by_names else 'counted.profile_count' -%}
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

        )
        {%- if is_told_by_names -%}
            ,

            -- Most values are one's alone: people are told apart only where it takes telling.
            shared as (

                select
                    profiles.entity,
                    profiles.{{ column }},
                    {#- Strangers share birth dates: in two alphabets, too, two names are then two. #}
                    {% if column == 'birth_date' -%}
                        greatest(
                            count(distinct profiles.latin_name) + count(distinct profiles.other_name), 1
                        ) as people
                    {%- else -%}
                        greatest(
                            count(distinct profiles.latin_name), count(distinct profiles.other_name), 1
                        ) as people
                    {%- endif %}
                from {{ profiles }} as profiles
                inner join counted
                    on
                        profiles.entity = counted.entity
                        and profiles.{{ column }} = counted.{{ column }}
                        and counted.profile_count > 1
                group by profiles.entity, profiles.{{ column }}

            )
        {%- endif %}

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
        {% if is_told_by_names -%}
            left join shared
                on
                    counted.entity = shared.entity
                    and counted.{{ column }} = shared.{{ column }}
        {%- endif %}
    )
{%- endmacro %}
