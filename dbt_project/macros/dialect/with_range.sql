{# Rows with the last range that begins at or before their number. #}

{% macro with_range(
    relation, ranges, number, first_number, columns, key=none, range_key=none
) -%}
    {{ return(adapter.dispatch('with_range')(
        relation, ranges, number, first_number, columns, key, range_key
    )) }}
{%- endmacro %}

{% macro default__with_range(
    relation, ranges, number, first_number, columns, key=none, range_key=none
) -%}
    (
        select
            given.*,
            ranges.{{ columns | join(',\n            ranges.') }}
        from {{ relation }} as given
        asof left join {{ ranges }} as ranges
            on
                {% if key %}given.{{ key }} = ranges.{{ range_key }}
                and {% endif %}given.{{ number }} >= ranges.{{ first_number }}
    )
{%- endmacro %}

{% macro spark__with_range(
    relation, ranges, number, first_number, columns, key=none, range_key=none
) -%}
    (
        with

        both as (

            select
                struct(given.*) as given,
                null as range,
                {{ 'given.' ~ key if key else 'length(given.' ~ number ~ ')' }} as place,
                given.{{ number }} as number,
                1 as is_given
            from {{ relation }} as given

            union all

            select
                null as given,
                struct({{ columns | join(', ') }}) as range,
                {{ range_key if key else 'length(' ~ first_number ~ ')' }} as place,
                {{ first_number }} as number,
                0 as is_given
            from {{ ranges }}

        ),

        found as (

            select
                given,
                last_value(range) ignore nulls over (
                    partition by place
                    order by number asc, is_given asc
                ) as range
            from both

        )

        select
            given.*,
            range.{{ columns | join(',\n            range.') }}
        from found
        where given is not null
    )
{%- endmacro %}
