{# The items of a group for which something holds, by their places; null where it holds for none. #}

{% macro items_in_order(item, place, condition) -%}
    {{ return(adapter.dispatch('items_in_order')(item, place, condition)) }}
{%- endmacro %}

{% macro default__items_in_order(item, place, condition) -%}
    list_transform(
        list_sort(list({'place': {{ place }}, 'item': {{ item }}}) filter (where {{ condition }})),
        lambda placed: placed.item
    )
{%- endmacro %}

{% macro spark__items_in_order(item, place, condition) -%}
    {#- Of none there is no list, as elsewhere. -#}
    nullif(
        transform(
            array_sort(
                collect_list(struct({{ place }} as place, {{ item }} as item))
                filter (where {{ condition }})
            ),
            placed -> placed.item
        ),
        array()
    )
{%- endmacro %}
