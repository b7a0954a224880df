{#
    Each rule of the seed `blocking_rules` names one part or two; a record without them has no key.
#}

{% macro blocking_keys(records, rules) -%}
    {%- set parts = {
        'given_sound': 'records.given_sound',
        'family_sound': 'records.family_sound',
        'sounds': "records.given_sound || '/' || records.family_sound",
        'nickname': "split_part(records.nickname_groups, '|', 1)",
        'given_start': 'left(records.given_name, 2)',
        'family_start': 'left(records.family_sound, 3)',
        'name_pair': "least(records.given_sound, records.family_sound) || '/' || "
            ~ "greatest(records.given_sound, records.family_sound)",
        'first_word': "split_part(records.family_name, ' ', 1)",
        'birth_date': "left(records.birth_digits, 4) || "
            ~ "least(substr(records.birth_digits, 5, 2), substr(records.birth_digits, 7, 2)) || "
            ~ "greatest(substr(records.birth_digits, 5, 2), substr(records.birth_digits, 7, 2))",
        'birth_year': 'left(records.birth_digits, 4)',
        'birth_month': 'left(records.birth_digits, 6)',
        'birthday': 'right(records.birth_digits, 4)',
        'birth_year_day': "left(records.birth_digits, 4) || right(records.birth_digits, 2)",
        'area': 'records.area',
        'house': 'records.house_number',
        'street': 'records.street_name',
        'address': 'records.address_key',
        'email_local': "case when instr(records.email, '@') > 4 "
            ~ "then split_part(records.email, '@', 1) end",
        'email_start': 'left(records.email, 5)',
        'phone_end': 'right(records.phone, 7)',
        'domain': 'records.domain',
    } -%}
    {%- set columns = [] -%}
    {%- set choices = [] -%}
    {%- for part, expression in parts.items() -%}
        {%- do columns.append(expression ~ ' as ' ~ part) -%}
        {%- do choices.append("when '" ~ part ~ "' then records." ~ part) -%}
    {%- endfor -%}
    (
        with

        records as (

            select
                entity,
                record_number,
                {{ columns | join(', ') }}
            from {{ records }} as records

        ),

        chosen as (

            select
                records.entity,
                records.record_number,
                rules.rule,
                case rules.part_1 {{ choices | join(' ') }} end as part_1,
                case
                    when rules.part_2 is null then ''
                    else case rules.part_2 {{ choices | join(' ') }} end
                end as part_2
            from records
            inner join {{ rules }} as rules
                on coalesce(rules.entity, records.entity) = records.entity

        )

        select
            entity,
            record_number,
            rule,
            {{ block_number('entity', 'rule', 'part_1', 'part_2') }} as block_number
        from chosen
        where part_1 <> '' and part_2 is not null
    )
{%- endmacro %}
