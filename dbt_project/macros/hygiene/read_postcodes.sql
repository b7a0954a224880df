{#
    Postcodes of a country are looked up by their shape, letters written as A and digits as 9, and
    by what they begin with. A second try leaves out letters at the front, such as the D of D-80331.
#}

{% macro read_postcodes(postcodes, postcode_formats='postcode_formats') -%}
    (
        with

        written as (

            select distinct
                postcode as written_postcode,
                country_code,
                {{ clean_text(
                    replace_pattern(with_plain_digits('upper(postcode)'), "'\\.0+$'", "''")
                ) }} as postcode
            from {{ postcodes }}
            where postcode is not null

        ),

        compacted as (

            select
                *,
                {{ replace_pattern('postcode', "'[^A-Z0-9]'", "''") }} as characters
            from written

        ),

        shaped as (

            select
                *,
                {{ replace_pattern('characters', "'^[A-Z]{1,3}([0-9])'", "'\\1'") }} as digits,
                {{ replace_pattern(
                    replace_pattern('characters', "'[A-Z]'", "'A'"), "'[0-9]'", "'9'"
                ) }} as shape
            from compacted

        ),

        countries as (

            select distinct country_code from {{ postcode_formats }}

        ),

        matched as (

            select
                shaped.*,
                countries.country_code is not null as has_postcodes,
                case when whole.country_code is null then shaped.digits else shaped.characters end
                    as matched_characters,
                coalesce(whole.put_before, stripped.put_before, '') as put_before,
                coalesce(whole.break_after, stripped.break_after) as break_after,
                -- A blank is nothing to some readers of seeds, but what breaks a postcode is something.
                coalesce(
                    whole.separator,
                    stripped.separator,
                    case
                        when coalesce(whole.break_after, stripped.break_after) > 0 then ' ' else ''
                    end
                ) as separator,
                coalesce(whole.key_characters, stripped.key_characters) as key_characters
            from shaped
            left join countries on shaped.country_code = countries.country_code
            left join {{ postcode_formats }} as whole
                on
                    shaped.country_code = whole.country_code
                    and shaped.shape = whole.shape
                    and shaped.characters >= coalesce(whole.first_characters, '')
                    and shaped.characters <= coalesce(whole.last_characters, '') || '~'
            left join {{ postcode_formats }} as stripped
                on
                    shaped.country_code = stripped.country_code
                    and shaped.digits <> shaped.characters
                    and whole.country_code is null
                    and trim(leading 'A' from shaped.shape) = stripped.shape
                    and shaped.digits >= coalesce(stripped.first_characters, '')
                    and shaped.digits <= coalesce(stripped.last_characters, '') || '~'

        )

        select
            written_postcode,
            country_code,
            case
                when key_characters is null then postcode
                else
                    put_before
                    || left(matched_characters, break_after)
                    || separator
                    || substr(matched_characters, break_after + 1)
            end as postcode,
            nullif(case
                when key_characters is null then characters
                else
                    {{ replace_pattern('put_before', "'[^A-Z0-9]'", "''") }}
                    || left(matched_characters, key_characters)
            end, '') as postcode_key,
            case when has_postcodes then key_characters is not null end as is_valid
        from matched
    )
{%- endmacro %}
