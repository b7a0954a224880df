{#
    How many people have a value is told by the sound of their names, in the alphabet most of them are
    written in; where names do not tell, as of a name itself, by the profiles that have it.
#}

{% macro value_chances(profiles, populations, bases, column, attribute) -%}
    {#- Strangers share birth dates: in two alphabets, too, two names are then two people. -#}
    {%- set people -%}
        {%- if column == 'birth_date' -%}
            count(distinct profiles.latin_name) + count(distinct profiles.other_name)
        {%- else -%}
            greatest(count(distinct profiles.latin_name), count(distinct profiles.other_name))
        {%- endif -%}
    {%- endset -%}
    {%- set told_by_names = ['birth_date', 'email', 'phone', 'address_key'] -%}
    {%- set counted = 'greatest(' ~ people ~ ', 1)' if column in told_by_names else 'count(*)' -%}
    (
        select
            profiles.entity,
            profiles.{{ column }},
            {{ people }} as people,
            {{ chance_agreement(
                counted, 'max(populations.population)', 'max(bases.among_others)'
            ) }} as chance
        from {{ profiles }} as profiles
        inner join {{ populations }} as populations
            on profiles.entity = populations.entity
        inner join {{ bases }} as bases
            on
                profiles.entity = bases.entity
                and bases.attribute = '{{ attribute }}'
        where profiles.{{ column }} is not null
        group by profiles.entity, profiles.{{ column }}
    )
{%- endmacro %}
