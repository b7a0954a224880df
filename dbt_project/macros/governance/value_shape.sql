{#
    What a shape must not do is tell the value. So letters and digits of every script become one of
    three signs, long runs are cut to one length, names of four words and more become an ellipsis,
    and any sign that is not of those below becomes `?`.
#}

{% macro value_shape(value) -%}
    {%- set steps = [
        ('[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]', 'a'),
        ('[\\p{Lu}\\p{Lt}]', 'A'),
        ('\\p{N}', '9'),
        ("[^aA9 \\-._/:@+(),&%$€£#'']", '?'),
        ('a{3,}', 'aaa'),
        ('A{4,}', 'AAAA'),
        ('9{13,}', '9999999999999'),
        ('[aA]*(9+[aA]+){2,}9*', '#'),
        ('([aA]+[ ,]+){4,}', '… '),
    ] -%}
    {%- set shape = namespace(sql='left(' ~ value ~ ', 80)') -%}
    {%- for pattern, sign in steps -%}
        {%- set shape.sql = replace_pattern(shape.sql, "'" ~ pattern ~ "'", "'" ~ sign ~ "'") -%}
    {%- endfor -%}
    case
        when length({{ value }}) = 36 and {{ matches_pattern(
            value, "'^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$'"
        ) }} then '#'
        when left({{ value }}, 1) in ('{', '[') then left({{ value }}, 1) || '…'
        else left({{ shape.sql }}, 40)
    end
{%- endmacro %}
