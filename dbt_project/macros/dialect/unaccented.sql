{# What is left of letters without the marks on them. #}

{% macro unaccented(text) -%}
    {{ return(adapter.dispatch('unaccented')(text)) }}
{%- endmacro %}

{% macro default__unaccented(text) -%}
    strip_accents({{ text }})
{%- endmacro %}

{% macro spark__unaccented(text) -%}
    {#- Most text is ASCII, and seeing that takes a fraction of the time. -#}
    {%- set letters = marked_letters() -%}
    case
        when {{ text }} rlike '[^\\x00-\\x7F]'
            then regexp_replace(
                translate({{ text }}, '{{ letters.marked }}', '{{ letters.unmarked }}'), '\\p{M}', ''
            )
        else {{ text }}
    end
{%- endmacro %}
