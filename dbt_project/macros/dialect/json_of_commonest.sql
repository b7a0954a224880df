{% macro json_of_commonest(name, amount, most) -%}
    {{ return(adapter.dispatch('json_of_commonest')(name, amount, most)) }}
{%- endmacro %}

{% macro default__json_of_commonest(name, amount, most) -%}
    cast(to_json(map_from_entries(
        list(
            struct_pack(name := {{ name }}, amount := cast({{ amount }} as bigint))
            order by {{ amount }} desc, {{ name }}
        )[1:{{ most }}]
    )) as varchar)
{%- endmacro %}
