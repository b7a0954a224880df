{#
    Not the last day anything was done, as for reports: what a person asked for since counts in the
    next build, also where nobody did anything.
#}

{% macro judged_at() -%}
    {%- if var('judged_at') -%}
        cast('{{ var("judged_at") }}' as timestamp)
    {%- else -%}
        {{ build_time() }}
    {%- endif -%}
{%- endmacro %}
