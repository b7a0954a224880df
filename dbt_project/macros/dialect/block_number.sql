{# A number made of some texts: the same within a build, quickly made; null if one of them is. #}

{% macro block_number() -%}
    {{ return(adapter.dispatch('block_number')(*varargs)) }}
{%- endmacro %}

{% macro default__block_number() -%}
    case
        when {% for text in varargs %}{{ text }} is not null{{ ' and ' if not loop.last }}{% endfor %}
            then hash({{ varargs | join(', ') }})
    end
{%- endmacro %}

{% macro spark__block_number() -%}
    case
        when {% for text in varargs %}{{ text }} is not null{{ ' and ' if not loop.last }}{% endfor %}
            then xxhash64({{ varargs | join(', ') }})
    end
{%- endmacro %}
