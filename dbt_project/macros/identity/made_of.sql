{# What is left of the mailbox without the family name, digits and signs is the given name, or a part. #}

{% macro made_of(mailbox, given_name, family_name) -%}
    (contains({{ letters_of(mailbox) }}, {{ letters_of(family_name) }})
    and starts_with(
        {{ letters_of(given_name) }},
        replace({{ letters_of(mailbox) }}, {{ letters_of(family_name) }}, '')
    ))
{%- endmacro %}
