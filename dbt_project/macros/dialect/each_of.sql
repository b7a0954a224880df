{# What an expression makes of each item; `place` is a name for where it stands, from 1 on. #}

{% macro each_of(list, item, expression, place=none) -%}
    {{ return(adapter.dispatch('each_of')(list, item, expression, place)) }}
{%- endmacro %}

{% macro default__each_of(list, item, expression, place=none) -%}
    list_transform({{ list }}, lambda {{ item }}{{ ', ' ~ place if place }}: {{ expression }})
{%- endmacro %}

{% macro spark__each_of(list, item, expression, place=none) -%}
    {%- if place -%}
        {#- Spark counts from 0. -#}
        transform(
            {{ list }},
            ({{ item }}, {{ place }}) ->
                {{ modules.re.sub('\\b' ~ place ~ '\\b', '(' ~ place ~ ' + 1)', expression) }}
        )
    {%- else -%}
        transform({{ list }}, {{ item }} -> {{ expression }})
    {%- endif -%}
{%- endmacro %}
