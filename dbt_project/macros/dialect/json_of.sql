{# A document of members by name. #}

{% macro json_of(members, documents=[]) -%}
    {{ return(adapter.dispatch('json_of')(members, documents)) }}
{%- endmacro %}

{% macro default__json_of(members, documents=[]) -%}
    json_object(
    {%- for name, value in members.items() %}
        '{{ name }}', {{ value }}{{ ',' if not loop.last }}
    {%- endfor %}
    )
{%- endmacro %}

{% macro spark__json_of(members, documents=[]) -%}
    {#- A document is text to Spark: which are some has to be said. -#}
    concat(
        '{',
        concat_ws(
            ',',
    {%- for name, value in members.items() %}
        {%- if name in documents %}
            concat('"{{ name }}":', coalesce(get_json_object({{ value }}, '$'), 'null'))
        {%- else %}
            regexp_replace(
                to_json(struct({{ value }} as `{{ name }}`), map('ignoreNullFields', 'false')),
                '^.|.$',
                ''
            )
        {%- endif -%}
        {{ ',' if not loop.last }}
    {%- endfor %}
        ),
        '}'
    )
{%- endmacro %}
