{# A number made of a text, the same in every run. #}

{% macro hash_number(text) -%}
    {{ return(adapter.dispatch('hash_number')(text)) }}
{%- endmacro %}

{% macro default__hash_number(text) -%}
    md5_number_lower({{ text }})
{%- endmacro %}

{% macro spark__hash_number(text) -%}
    {#- Whole numbers without a sign: Spark has none of 64 bits. -#}
    {%- set bytes = [] -%}
    {%- for place in range(31, 15, -2) -%}
        {%- do bytes.append('substr(md5(' ~ text ~ '), ' ~ place ~ ', 2)') -%}
    {%- endfor -%}
    cast(conv(concat({{ bytes | join(', ') }}), 16, 10) as decimal(20, 0))
{%- endmacro %}
