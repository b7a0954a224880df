{# Alike to the eye, or to the ear. #}

{% macro similar_names(one, other, one_sound, other_sound) -%}
    ({{ name_similarity(one, other) }} >= 0.88
    and {{ edit_distance(one, other) }} <= 2 + length({{ one }}) / 10
    or {{ one_sound }} = {{ other_sound }} and length({{ one_sound }}) > 1)
{%- endmacro %}
