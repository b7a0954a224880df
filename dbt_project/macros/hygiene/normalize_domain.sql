{% macro normalize_domain(domain) -%}
    {%- set host = replace_pattern(
        'lower(' ~ domain ~ ')', "'^\\s*([a-z]+://)?([^@/]*@)?(www\\.)?|[:/?#].*$|\\.?\\s*$'", "''"
    ) -%}
    case
        when {{ matches_pattern(host, "'^[^\\s@.]+(\\.[^\\s@.]+)+$'") }} then {{ host }}
    end
{%- endmacro %}
