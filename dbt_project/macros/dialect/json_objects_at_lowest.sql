{% macro json_objects_at_lowest(columns, rank, count) -%}
    {{ return(adapter.dispatch('json_objects_at_lowest')(columns, rank, count)) }}
{%- endmacro %}

{% macro default__json_objects_at_lowest(columns, rank, count) -%}
    {%- set fields = [] -%}
    {%- for column in columns -%}
        {%- do fields.append(column ~ ' := ' ~ column) -%}
    {%- endfor -%}
    to_json(arg_min(struct_pack({{ fields | join(', ') }}), {{ rank }}, {{ count }}))
{%- endmacro %}

{% macro spark__json_objects_at_lowest(columns, rank, count) -%}
    {#- Of none there is no document, as elsewhere. -#}
    nullif(regexp_replace(
        to_json(
            transform(
                slice(
                    array_sort(
                        collect_list(
                            struct(
                                {{ rank }} as rank,
                                struct({{ columns | join(', ') }}) as object
                            )
                        ) filter (where {{ rank }} is not null)
                    ),
                    1,
                    {{ count }}
                ),
                ranked -> ranked.object
            ),
            map('ignoreNullFields', 'false', 'timestampFormat', 'yyyy-MM-dd HH:mm:ss.SSSSSS')
        ),
        '( \\d\\d:\\d\\d:\\d\\d)(?:\\.0{6}|(\\.\\d*?[1-9])0*)"',
        '$1$2"'
    ), '[]')
{%- endmacro %}
