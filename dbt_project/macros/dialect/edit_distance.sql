{% macro edit_distance(left_text, right_text) -%}
    {{ return(adapter.dispatch('edit_distance')(left_text, right_text)) }}
{%- endmacro %}

{% macro default__edit_distance(left_text, right_text) -%}
    damerau_levenshtein({{ left_text }}, {{ right_text }})
{%- endmacro %}

{% macro spark__edit_distance(left_text, right_text) -%}
    {#- Spark's own knows no two letters that have changed places. By bytes, as elsewhere. -#}
    {%- set one = "decode(encode(" ~ left_text ~ ", 'utf-8'), 'iso-8859-1')" -%}
    {%- set other = "decode(encode(" ~ right_text ~ ", 'utf-8'), 'iso-8859-1')" -%}
    case
        when least(length({{ one }}), length({{ other }})) = 0 or levenshtein({{ one }}, {{ other }}) < 2
            then levenshtein({{ one }}, {{ other }})
        else aggregate(
            sequence(1, length({{ one }})),
            array(sequence(0, length({{ other }}))),
            (lines, i) -> concat(lines, array(aggregate(
                sequence(1, length({{ other }})),
                array(i),
                (line, j) -> concat(line, array(least(
                    line[j - 1] + 1,
                    lines[i - 1][j] + 1,
                    lines[i - 1][j - 1]
                    + if(substr({{ one }}, i, 1) = substr({{ other }}, j, 1), 0, 1),
                    -- The last places before at which either of the two stands in the other.
                    case
                        when
                            instr(substr({{ one }}, 1, i - 1), substr({{ other }}, j, 1)) > 0
                            and instr(substr({{ other }}, 1, j - 1), substr({{ one }}, i, 1)) > 0
                            then
                                lines[
                                    i - 1
                                    - instr(
                                        reverse(substr({{ one }}, 1, i - 1)),
                                        substr({{ other }}, j, 1)
                                    )
                                ][
                                    j - 1
                                    - instr(
                                        reverse(substr({{ other }}, 1, j - 1)),
                                        substr({{ one }}, i, 1)
                                    )
                                ]
                                + instr(
                                    reverse(substr({{ one }}, 1, i - 1)), substr({{ other }}, j, 1)
                                )
                                + instr(
                                    reverse(substr({{ other }}, 1, j - 1)), substr({{ one }}, i, 1)
                                )
                                - 1
                    end
                )))
            ))),
            lines -> lines[length({{ one }})][length({{ other }})]
        )
    end
{%- endmacro %}
