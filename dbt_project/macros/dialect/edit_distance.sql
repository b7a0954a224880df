{% macro edit_distance(left_text, right_text) -%}
    {{ return(adapter.dispatch('edit_distance')(left_text, right_text)) }}
{%- endmacro %}

{% macro default__edit_distance(left_text, right_text) -%}
    damerau_levenshtein({{ left_text }}, {{ right_text }})
{%- endmacro %}
