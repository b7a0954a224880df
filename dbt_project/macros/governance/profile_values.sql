{# Each of these counts is of all cells: what values were looked at stand for the others. #}

{% macro profile_values(sampled_values, junk_values='junk_values') -%}
    {%- set of_column = 'source, table_name, column_name' -%}
    {%- set kinds = value_kinds() -%}
    (
        with

        counted as (

            select
                {{ of_column }},
                row_count,
                filled_count,
                distinct_count,
                repeated_count,
                is_sampled
            from {{ sampled_values }}
            where value is null

        ),

        shaped as (

            select
                {{ of_column }},
                value,
                {{ value_shape('value') }} as shape,
                cell_count * filled_count
                    / sum(cell_count) over (partition by {{ of_column }}) as cell_count
            from {{ sampled_values }}
            where value is not null

        ),

        {# No date is parsed that does not look like one. #}
        date_texts as (

            select distinct
                value as date_text,
                true as is_month_first,
                cast('2100-01-01' as date) as as_of
            from shaped
            where {{ matches_pattern(
                'trim(shape)',
                "'^9{1,4}(aa)?[-/. ]+([aA]{3,4}|9{1,2})[-/. ,]|^[aA]{3,4}\\.? 9{1,2}(aa)?,? 9|^9{8}$'"
            ) }}

        ),

        dates as (

            select date_text from {{ read_dates('date_texts') }}
            where parsed_date is not null and not is_serial

        ),

        seen as (

            select
                *,
                lower(trim(value)) in (
                    select {{ junk_value('junk.junk_value') }}
                    from {{ junk_values }} as junk
                    where junk.attribute = 'any'
                ) as is_placeholder,
                value <> trim(value) as is_padded,
    {%- for kind in kinds %}
        {{ fits_kind('value', 'shape', kind) }} as is_{{ kind }}{{ ',' if not loop.last }}
    {%- endfor %}
            from shaped

        ),

        totals as (

            select
                {{ of_column }},
    {%- for fact in ['placeholder', 'padded'] %}
                sum(cell_count) filter (where is_{{ fact }}) as {{ fact }}_count,
    {%- endfor %}
    {%- for kind in kinds %}
                sum(cell_count) filter (where is_{{ kind }} and not is_placeholder)
                    as {{ kind }}_count{{ ',' if not loop.last }}
    {%- endfor %}
            from seen
            group by {{ of_column }}

        ),

        shapes as (

            select
                {{ of_column }},
                shape,
                {{ value_format('trim(shape)') }} as value_format,
                sum(cell_count) as cell_count
            from shaped
            group by {{ of_column }}, shape

        ),

        formats as (

            select
                {{ of_column }},
                value_format,
                sum(cell_count) as cell_count
            from shapes
            group by {{ of_column }}, value_format

        ),

        common_shapes as (

            select
                {{ of_column }},
                {{ json_of_commonest('shape', 'cell_count', 5) }} as shapes
            from shapes
            group by {{ of_column }}

        ),

        common_formats as (

            select
                {{ of_column }},
                {{ json_of_commonest('value_format', 'cell_count', 5) }} as formats
            from formats
            group by {{ of_column }}

        )

        select
            counted.*,
    {%- for fact in ['placeholder', 'padded'] + kinds %}
            cast(round(coalesce(totals.{{ fact }}_count, 0)) as bigint) as {{ fact }}_count,
    {%- endfor %}
            coalesce(common_formats.formats, '{}') as formats,
            coalesce(common_shapes.shapes, '{}') as shapes
        from counted
        left join totals using ({{ of_column }})
        left join common_formats using ({{ of_column }})
        left join common_shapes using ({{ of_column }})
    )
{%- endmacro %}
