{# A part of a list; a last place below 0 counts from the end. #}

{% macro items_of(list, first, last=none) -%}
    {{ return(adapter.dispatch('items_of')(list, first, last)) }}
{%- endmacro %}

{% macro default__items_of(list, first, last=none) -%}
    ({{ list }})[{{ first }} : {{ last if last is not none }}]
{%- endmacro %}

{% macro spark__items_of(list, first, last=none) -%}
    {%- set end = 'size(' ~ list ~ ')' if last is none
        else 'size(' ~ list ~ ') + 1 ' ~ last if (last | string)[0] == '-'
        else last -%}
    slice({{ list }}, {{ first }}, greatest(cast({{ end }} - ({{ first }}) + 1 as int), 0))
{%- endmacro %}
