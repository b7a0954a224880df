{#
    Without the family name, digits and signs, the given name is left of it, or the start of that; or it
    is the given name alone.
#}

{% macro made_of(mailbox, given_name, family_name) -%}
    (
        (
            contains({{ letters_of(mailbox) }}, {{ letters_of(family_name) }})
            and {{ begins_with(
                letters_of(given_name),
                'replace(' ~ letters_of(mailbox) ~ ', ' ~ letters_of(family_name) ~ ", '')"
            ) }}
        )
        or (
            length({{ given_name }}) > 1
            and {{ letters_of(mailbox) }} = {{ letters_of(given_name) }}
        )
    )
{%- endmacro %}
