{#
    An as-of join sorts both sides once, where a join on `between` would look at every range of the
    same key for every row.
#}

{% macro join_ranges(ranges, value, first, on='true') -%}
    {{ return(adapter.dispatch('join_ranges')(ranges, value, first, on)) }}
{%- endmacro %}

{% macro default__join_ranges(ranges, value, first, on) -%}
    asof left join {{ ranges }} on {{ on }} and {{ value }} >= {{ first }}
{%- endmacro %}
