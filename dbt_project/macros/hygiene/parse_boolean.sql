{% macro parse_boolean(text, boolean_words='boolean_words') -%}
    {%- set word = symbol_key(text) -%}
    case
        when {{ word }} in (select known.word from {{ boolean_words }} as known where known.is_true)
            then true
        when
            {{ word }} in (
                select known.word from {{ boolean_words }} as known where not known.is_true
            )
            then false
    end
{%- endmacro %}
