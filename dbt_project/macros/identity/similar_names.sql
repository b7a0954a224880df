{# Alike to the eye, or to the ear. #}

{% macro similar_names(one, other, one_sound, other_sound) -%}
    ({{ name_similarity(one, other) }} >= 0.88
    or {{ one_sound }} = {{ other_sound }} and length({{ one_sound }}) > 1)
{%- endmacro %}
