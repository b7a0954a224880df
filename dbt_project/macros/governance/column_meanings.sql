{#
    A column is taken for an attribute by its name, or, where the name says nothing, by values that
    leave no doubt. Part of a name is believed only where the values bear it out: `phone_type` is
    no phone. Where a name may mean two things, values decide where they can, or else what the table
    is about: a `state` is a region, or, of an order, its status.
#}

{% macro column_meanings(
    profiles,
    canonical_attributes='canonical_attributes',
    attribute_aliases='attribute_aliases'
) -%}
    (
        with

        columns as (

            select
                *,
                '_' || {{ column_words('column_name') }} || '_' as words,
                '_' || {{ column_words("table_name || '_' || column_name") }} || '_' as full_words
            from {{ profiles }}

        ),

        named as (

            select
                columns.source,
                columns.table_name,
                columns.column_name,
                aliases.attribute,
                length(aliases.alias) as alias_length,
                case
                    when columns.full_words = '_' || aliases.alias || '_' then 4
                    when columns.words = '_' || aliases.alias || '_' then 3
                    when columns.words like '%|_' || aliases.alias || '|_' escape '|' then 2
                    else 1
                end as likeness
            from columns
            inner join {{ attribute_aliases }} as aliases
                on
                    columns.words like '%|_' || replace(aliases.alias, '_', '|_') || '|_%' escape '|'
                    or columns.full_words = '_' || aliases.alias || '_'
            where
                not aliases.is_whole_name
                or '_' || aliases.alias || '_' in (columns.words, columns.full_words)

        ),

        recognised as (

            select
                source,
                table_name,
                column_name,
                case
                    when email_count >= 0.8 * filled_count then 'email'
                    when phone_count >= 0.9 * filled_count and number_count < 0.5 * filled_count
                        then 'phone'
                    when country_count >= 0.95 * filled_count and distinct_count > 2 then 'country'
                    when currency_count >= 0.95 * filled_count then 'currency'
                end as attribute,
                0 as alias_length,
                0 as likeness
            from columns
            where filled_count > 0

        ),

        candidates as (

            select * from named

            union all

            select * from recognised
            where attribute is not null

        ),

        -- What else is said of an identifier is not said of who has it: `passport_country`.
        told as (

            select *
            from candidates
            qualify
                attribute = 'identifiers'
                or bool_and(attribute <> 'identifiers')
                    over (partition by source, table_name, column_name)

        ),

        judged as (

            select
                told.*,
                attributes.entity,
                attributes.value_kind,
                columns.filled_count,
                columns.region_count,
                case attributes.value_kind
    {%- for kind in value_kinds() %}
                    when '{{ kind }}' then columns.{{ kind }}_count
    {%- endfor %}
                end as fitting_count
            from told
            inner join {{ canonical_attributes }} as attributes using (attribute)
            inner join columns using (source, table_name, column_name)

        ),

        credible as (

            select
                *,
                case
                    when attribute = 'region' then region_count >= 0.8 * filled_count
                    else value_kind not in ('name', 'code', 'text')
                        and fitting_count >= 0.8 * filled_count
                end as is_evident
            from judged
            where
                (likeness >= 3 and (fitting_count > 0 or filled_count = 0))
                or (
                    fitting_count >= 0.5 * filled_count
                    and (likeness = 2 or value_kind not in ('name', 'code', 'text'))
                )

        ),

        best as (

            select *
            from credible
            qualify row_number() over (
                partition by source, table_name, column_name, entity
                order by
                    fitting_count >= 0.5 * filled_count desc,
                    likeness desc,
                    alias_length desc,
                    fitting_count desc,
                    attribute
            ) = 1

        ),

        exclusive as (

            select attribute
            from {{ canonical_attributes }}
            group by attribute
            having count(*) = 1

        ),

        subjects as (

            select
                best.source,
                best.table_name,
                best.entity,
                count(distinct exclusive.attribute) as attributes
            from best
            left join exclusive using (attribute)
            group by best.source, best.table_name, best.entity

        )

        select
            best.source,
            best.table_name,
            best.column_name,
            best.entity as canonical_entity,
            best.attribute as canonical_attribute,
            best.value_kind,
            best.fitting_count
        from best
        inner join subjects using (source, table_name, entity)
        qualify row_number() over (
            partition by best.source, best.table_name, best.column_name
            order by best.is_evident desc, subjects.attributes desc, best.entity
        ) = 1
    )
{%- endmacro %}
