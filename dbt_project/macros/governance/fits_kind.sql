{#
    A value may fit several kinds: `2016` is a number, a postcode and a code. The shape, of which
    there are few, decides first.
#}

{% macro fits_kind(
    value,
    shape,
    kind,
    countries='country_aliases',
    regions='region_aliases',
    currencies='currency_aliases',
    booleans='boolean_words',
    dates='dates'
) -%}
    {%- set is_name = matches_pattern(shape, "'^[aA…][-aA.,&'' …]*$'") -%}
    {%- set place -%}
        case when {{ is_name }} then {{ place_key(value) }} end
    {%- endset -%}
    {%- if kind == 'email' -%}
        case when {{ shape }} like '%@%' then {{ normalize_email(value) }} is not null else false end
    {%- elif kind == 'phone' -%}
        {{ matches_pattern(shape, "'^([aA]{3}:? ?)?[+(]*9[-9 ()./]{4,24}( ?[aA.]+ ?9{1,6})?$'") }}
        and {{ matches_pattern(shape, "'^([^9]*9){7,18}[^9]*$'") }}
        and not {{ matches_pattern(shape, "'^9{4}-99-99|^9{1,2}[/.]9{1,2}[/.]9|^9+[.]9+$|^9{1,3}(\\.9{1,3}){3}$'") }}
    {%- elif kind == 'date' -%}
        {{ value }} in (select known.date_text from {{ dates }} as known)
    {%- elif kind == 'number' -%}
        case
            when {{ matches_pattern(shape, "'^[^9]*9[9., ''’]*[^9]*$'") }}
                then {{ parse_money(
                    replace_pattern(value, "' ?%$'", "''"), currencies
                ) }} is not null
            else false
        end
    {%- elif kind == 'boolean' -%}
        {{ parse_boolean(value, booleans) }} is not null
    {%- elif kind == 'country' -%}
        coalesce({{ place }} in (select known.alias from {{ countries }} as known), false)
    {%- elif kind == 'region' -%}
        coalesce({{ place }} in (select known.alias from {{ regions }} as known), false)
    {%- elif kind == 'currency' -%}
        {{ matches_pattern(shape, "'^([^9aA]|[^9]{2,})$'") }}
        and coalesce(
            {{ symbol_key(value) }} in (select known.alias from {{ currencies }} as known), false
        )
    {%- elif kind == 'postcode' -%}
        {{ matches_pattern(
            shape, "'^([A9#]{2,8}([ -][A9#]{1,8})?|[a9#]{2,8}([ -][a9#]{1,8})?)$'"
        ) }}
        and {{ matches_pattern(shape, "'9|#'") }}
        and not {{ matches_pattern(shape, "'aaa|AAA'") }}
    {%- elif kind == 'name' -%}
        {{ is_name }}
    {%- elif kind == 'text' -%}
        {{ shape }} not in ('{…', '[…')
    {%- elif kind == 'code' -%}
        {{ matches_pattern(shape, "'^[^ …]+$'") }}
    {%- else -%}
        {{ exceptions.raise_compiler_error('no kind of value is called ' ~ kind) }}
    {%- endif -%}
{%- endmacro %}
