{#
    A plain number, as programs write it, is taken as it is. Of any other, what stands beside the
    digits has to be a currency, and the separators have to leave no choice: a group of three digits
    after the only comma or full stop, as in `1,234`, may be thousands or decimals, and is none; a
    single letter, as in `12 k`, may be thousands or a currency. Files are read by this as they land.
#}

{% macro parse_money(text, currency_aliases='currency_aliases') -%}
    {%- set space = '\\s\\p{Z}' -%}
    {%- set is_plain = matches_pattern(
        text, "'^[" ~ space ~ "]*[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)[" ~ space ~ "]*$'"
    ) -%}
    {%- set odd = "case when not " ~ is_plain ~ " then " ~ text ~ " end" -%}
    {%- set written = "translate(" ~ odd ~ ", '−', '-')" -%}
    {%- set currency = replace_pattern(
        symbol_key(replace_pattern(written, "'[-+(),0-9''’]+'", "''")),
        "'^\\$([a-z]{3})$'",
        "'\\1'"
    ) -%}
    {%- set bare = replace_pattern(
        written,
        "'[" ~ space ~ "]*(\\p{L}\\.?|[^-+(),.0-9''’" ~ space ~ "\\p{L}])+[" ~ space ~ "]*"
        ~ "|^[" ~ space ~ "]+|[" ~ space ~ "]+$'",
        "''"
    ) -%}
    {%- set signed = replace_pattern(
        replace_pattern(bare, "'^\\((.*)\\)$|^(.*[0-9])[" ~ space ~ "]*-$'", "'-\\1\\2'"),
        "'^([-+])[" ~ space ~ "]+'",
        "'\\1'"
    ) -%}
    case
        when {{ is_plain }}
            then try_cast({{ replace_pattern(text, "'[" ~ space ~ "]'", "''") }} as decimal(18, 4))
        when
            {{ matches_pattern(
                written,
                "'^[^0-9]*[0-9][0-9.,''’" ~ space ~ "]*[^0-9]*$'"
            ) }}
            and not {{ matches_pattern(written, "'\\p{L}\\.[0-9]'") }}
            and (
                {{ currency }} is null
                or (
                    {{ currency }} in (select known.alias from {{ currency_aliases }} as known)
                    and not {{ matches_pattern(currency, "'^\\p{Latin}$'") }}
                )
            )
            then try_cast(
                case
                    when {{ matches_pattern(
                        signed,
                        "'^[-+]?([0-9]{1,3}(,[0-9]{3})+\\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,}"
                        ~ "|[0-9]{1,2}(,[0-9]{2})+,[0-9]{3}(\\.[0-9]+)?)$'"
                    ) }}
                        then replace({{ signed }}, ',', '')
                    when {{ matches_pattern(
                        signed,
                        "'^[-+]?([0-9]{1,3}(\\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(\\.[0-9]{3}){2,})$'"
                    ) }}
                        then translate({{ signed }}, ',.', '.')
                    when {{ matches_pattern(
                        signed,
                        "'^[-+]?([0-9]+[.,]?|[0-9]*[.,]([0-9]{1,2}|[0-9]{4,})|(0|[0-9]{4,})?[.,][0-9]+"
                        ~ "|[0-9]{1,3}([''’" ~ space ~ "][0-9]{3})+([.,][0-9]+)?)$'"
                    ) }}
                        then replace(
                            {{ replace_pattern(signed, "'[''’" ~ space ~ "]'", "''") }}, ',', '.'
                        )
                end as decimal(18, 4)
            )
    end
{%- endmacro %}
