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
