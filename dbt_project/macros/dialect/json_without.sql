{# A document without what is null in it, and without some of its members. #}

{% macro json_without(document, names) -%}
    {{ return(adapter.dispatch('json_without')(document, names)) }}
{%- endmacro %}

{% macro default__json_without(document, names) -%}
    json_merge_patch(
        '{}',
        coalesce({{ document }}, '{}'),
        '{ {%- for name in names %}"{{ name }}": null{{ ', ' if not loop.last }}{% endfor -%} }'
    )
{%- endmacro %}

{% macro spark__json_without(document, names) -%}
    to_json(map_filter(
        from_json(coalesce({{ document }}, '{}'), 'map<string, string>'),
        (name, value) -> value is not null and name not in ('{{ names | join("', '") }}')
    ))
{%- endmacro %}
