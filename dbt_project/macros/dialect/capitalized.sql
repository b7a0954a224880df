{# O'Brien, Smith-Jones and McDonald, but MacDonald and Mackie cannot be told apart. #}

{% macro capitalized(name, particles) -%}
    {{ return(adapter.dispatch('capitalized')(name, particles)) }}
{%- endmacro %}

{% macro default__capitalized(name, particles) -%}
    array_to_string(
        list_transform(
            regexp_extract_all(lower({{ name }}), '\pL[\pL\pM\pN]*|[^\pL]+'),
            lambda piece, place:
                case
                    when
                        {{ particles }}[strip_accents(piece)] is not null
                        and {{ name }} ilike '%' || piece || ' _%'
                        then {{ particles }}[strip_accents(piece)]
                    when piece like 'mc___%' then 'Mc' || upper(piece[3]) || piece[4:]
                    else upper(piece[1]) || piece[2:]
                end
        ),
        ''
    )
{%- endmacro %}
