{% macro json_of_commonest(name, amount, most) -%}
    {{ return(adapter.dispatch('json_of_commonest')(name, amount, most)) }}
{%- endmacro %}

{% macro default__json_of_commonest(name, amount, most) -%}
    cast(to_json(map_from_entries(
        list(
            struct_pack(name := {{ name }}, amount := cast({{ amount }} as bigint))
            order by {{ amount }} desc, {{ name }}
        )[1:{{ most }}]
    )) as string)
{%- endmacro %}

{% macro spark__json_of_commonest(name, amount, most) -%}
    to_json(map_from_entries(transform(
        slice(
            array_sort(collect_list(struct(
                -{{ amount }} as rank, {{ name }} as name, cast(round({{ amount }}) as bigint) as amount
            ))),
            1,
            {{ most }}
        ),
        ranked -> struct(ranked.name, ranked.amount)
    )))
{%- endmacro %}
