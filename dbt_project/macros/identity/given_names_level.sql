{#
    How the given names of two records agree, as the letter of the level in the seed `match_weights`.
#}

{% macro given_names_level(here, there) -%}
    case
        when {{ here }}.given_name is null or {{ there }}.given_name is null then '-'
        when {{ here }}.is_latin <> {{ there }}.is_latin then '-'
        when {{ here }}.given_name = {{ there }}.given_name then 'e'
        when
            {{ here }}.given_name = {{ there }}.family_name
            and {{ here }}.family_name = {{ there }}.given_name
            then 'c'
        when
            {{ shares_a_word(
                here ~ '.nickname_groups', there ~ '.nickname_groups', "'|'"
            ) }}
            then 'n'
        when
            {{ similar_names(
                here ~ '.given_name', there ~ '.given_name',
                here ~ '.given_sound', there ~ '.given_sound'
            ) }}
            then 's'
        when
            {{ shares_a_word(here ~ '.given_name', there ~ '.given_name', "' '") }}
            or {{ begins_with(here ~ '.given_name', there ~ '.given_name') }}
            or {{ begins_with(there ~ '.given_name', here ~ '.given_name') }}
            then 'p'
        when
            {{ similar_names(
                here ~ '.given_name', there ~ '.family_name',
                here ~ '.given_sound', there ~ '.family_sound'
            ) }}
            and {{ similar_names(
                here ~ '.family_name', there ~ '.given_name',
                here ~ '.family_sound', there ~ '.given_sound'
            ) }}
            then 'c'
        else 'd'
    end
{%- endmacro %}
