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

{% macro spark__capitalized(name, particles) -%}
    array_join(
        transform(
            {{ all_matches('lower(' ~ name ~ ')', "'\\pL[\\pL\\pM\\pN]*|[^\\pL]+'") }},
            piece ->
                case
                    when
                        {{ particles }}[{{ unaccented('piece') }}] is not null
                        and lower({{ name }}) like concat('%', piece, ' _%')
                        then {{ particles }}[{{ unaccented('piece') }}]
                    when piece like 'mc___%'
                        then concat('Mc', upper(substr(piece, 3, 1)), substr(piece, 4))
                    else concat(upper(substr(piece, 1, 1)), substr(piece, 2))
                end
        ),
        ''
    )
{%- endmacro %}
