{#
    Most addresses are plain already. Of the others, what stands around the address is taken off: a
    display name and angle brackets, `mailto:`, quotes, spaces, punctuation after it. Two addresses,
    or spaces within one, leave it open which is meant: none is.
#}

{% macro normalize_email(email) -%}
    {%- set written = 'lower(' ~ composed(email) ~ ')' -%}
    {%- set atom = "[\\p{L}\\p{M}\\p{N}!#$%&''*+/=?^_`{|}~-]+" -%}
    {%- set label = "[\\p{L}\\p{N}]([\\p{L}\\p{M}\\p{N}-]*[\\p{L}\\p{M}\\p{N}])?" -%}
    {%- set domain = '(' ~ label ~ '\\.)+\\p{L}[\\p{L}\\p{M}\\p{N}-]*[\\p{L}\\p{M}\\p{N}]' -%}
    {%- set address = "'^" ~ atom ~ '(\\.' ~ atom ~ ')*@' ~ domain ~ "$'" -%}
    {%- set bare = replace_pattern(
        written,
        "'^[^<]*<\\s*(?:mailto:)?|^[\\s\\p{Z}\"''(\\[]*(?:mailto:)?|>[^<@]*$|\\?[a-z]+=.*$"
        ~ "|[\\s\\p{Z}\"'')\\].,;:]+$|[\\s\\p{Z}]*(@)[\\s\\p{Z}]*|[\\p{Cc}\\p{Cf}]'",
        "'\\1'"
    ) -%}
    case
        when length({{ email }}) > 320 then null
        when {{ matches_pattern(written, address) }} then {{ written }}
        when {{ matches_pattern(email, "'^\\s*\"[^\"\\s]([^\"]*[^\"\\s])?\"@" ~ domain ~ "\\s*$'") }}
            then
                split_part(trim({{ email }}), '"@', 1)
                || '"@'
                || lower(split_part(trim({{ email }}), '"@', 2))
        when {{ matches_pattern(bare, address) }} then {{ bare }}
    end
{%- endmacro %}
