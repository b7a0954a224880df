{% macro known_attributes(columns) -%}
    {%- set names = [] -%}
    {%- for column in columns -%}
        {%- set name = "case when " ~ column ~ " is not null then '" ~ column ~ ",' else '' end" -%}
        {%- do names.append(name) -%}
    {%- endfor -%}
    concat(',', {{ names | join(', ') }})
{%- endmacro %}
