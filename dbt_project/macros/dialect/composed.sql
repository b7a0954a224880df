{% macro composed(text) -%}
    {{ return(adapter.dispatch('composed')(text)) }}
{%- endmacro %}

{% macro default__composed(text) -%}
    nfc_normalize({{ text }})
{%- endmacro %}

{% macro spark__composed(text) -%}
    {#- Letter by letter; a mark that is not put onto what is before it stays. -#}
    {%- set taking = [] -%}
    {%- set made = [] -%}
    {%- for mark, letters in marked_letters().composed.items() -%}
        {%- for letter in letters[0] -%}
            {%- do taking.append(letter ~ mark) -%}
            {%- do made.append(letters[1][loop.index0]) -%}
        {%- endfor -%}
    {%- endfor -%}
    case
        when {{ text }} rlike '\\p{M}'
            then aggregate(
                split({{ text }}, ''),
                '',
                (before, letter) -> case
                    when letter rlike '\\p{M}'
                        then concat(
                            left(before, length(before) - 1),
                            coalesce(
                                map_from_arrays(
                                    split('{{ taking | join(" ") }}', ' '),
                                    split('{{ made | join(" ") }}', ' ')
                                )[concat(right(before, 1), letter)],
                                concat(right(before, 1), letter)
                            )
                        )
                    else concat(before, letter)
                end
            )
        else {{ text }}
    end
{%- endmacro %}
