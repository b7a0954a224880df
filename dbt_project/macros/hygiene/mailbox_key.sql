{% macro mailbox_key(email, canonical_domain, ignored_characters, tag_separator) -%}
    {%- set local_part = "split_part(" ~ email ~ ", '@', 1)" -%}
    {%- set tag_starts_with -%}
        case when {{ canonical_domain }} is null then '+' else {{ tag_separator }} end
    {%- endset -%}
    case
        when {{ email }} like '"%' then {{ email }}
        else
            coalesce(
                nullif(
                    translate(
                        coalesce(
                            split_part({{ local_part }}, {{ tag_starts_with }}, 1), {{ local_part }}
                        ),
                        coalesce({{ ignored_characters }}, ''),
                        ''
                    ),
                    ''
                ),
                {{ local_part }}
            )
            || '@'
            || coalesce({{ canonical_domain }}, split_part({{ email }}, '@', 2))
    end
{%- endmacro %}
