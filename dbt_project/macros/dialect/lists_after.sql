{# Lists, one after the other. #}

{% macro lists_after(lists) -%}
    {{ return(adapter.dispatch('lists_after')(lists)) }}
{%- endmacro %}

{% macro default__lists_after(lists) -%}
    list_concat({{ lists | join(', ') }})
{%- endmacro %}

{% macro spark__lists_after(lists) -%}
    concat({% for list in lists %}coalesce({{ list }}, array()){{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}
