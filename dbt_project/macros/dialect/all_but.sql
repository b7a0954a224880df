{# All columns of a relation, or of all that are joined, but some. #}

{% macro all_but(columns, relation=none) -%}
    {{ return(adapter.dispatch('all_but')(columns, relation)) }}
{%- endmacro %}

{% macro default__all_but(columns, relation=none) -%}
    {{ relation ~ '.' if relation }}* exclude ({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__all_but(columns, relation=none) -%}
    {{ relation ~ '.' if relation }}* except ({{ columns | join(', ') }})
{%- endmacro %}
