{#
    Sorting a list once it is gathered takes a fraction of the time of gathering it in order, where
    groups are small and many.
#}

{% macro join_sorted(text, separator) -%}
    {{ return(adapter.dispatch('join_sorted')(text, separator)) }}
{%- endmacro %}

{% macro default__join_sorted(text, separator) -%}
    array_to_string(list_sort(list({{ text }})), {{ separator }})
{%- endmacro %}

{% macro spark__join_sorted(text, separator) -%}
    array_join(array_sort(collect_list({{ text }})), {{ separator }})
{%- endmacro %}
