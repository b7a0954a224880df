{#
    Rules of a contract that the engine does not hold to while it writes are looked at afterwards, all in
    one query; a model that breaks one has failed, and its table is taken away again.
#}

{% macro check_contract() -%}
    {{ return(adapter.dispatch('check_contract')()) }}
{%- endmacro %}

{% macro default__check_contract() -%}{%- endmacro %}

{% macro spark__check_contract() -%}
    {%- if execute and config.get('contract', {}).enforced -%}
        {%- set rules = [] -%}
        {%- for column in model.columns.values() -%}
            {%- for constraint in column.constraints -%}
                {%- set type = (constraint.type.value or constraint.type) | string -%}
                {%- if type == 'not_null' -%}
                    {%- do rules.append((
                        column.name ~ ' is not null',
                        'NOT NULL constraint failed: ' ~ this.identifier ~ '.' ~ column.name,
                    )) -%}
                {%- elif type == 'check' -%}
                    {%- do rules.append((
                        constraint.expression, 'CHECK constraint failed: ' ~ constraint.expression
                    )) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- if rules -%}
            {%- set broken = [] -%}
            {%- set sums = [] -%}
            {%- for rule, offence in rules -%}
                {%- do sums.append('count_if(not (' ~ rule ~ '))') -%}
            {%- endfor -%}
            {%- set counts = run_query('select ' ~ sums | join(', ') ~ ' from ' ~ this).rows[0] -%}
            {%- for rule, offence in rules -%}
                {%- if counts[loop.index0] -%}
                    {%- do broken.append(offence ~ ' (rows: ' ~ counts[loop.index0] ~ ')') -%}
                {%- endif -%}
            {%- endfor -%}
            {%- if broken -%}
                {#- What only grows keeps what it has; a view passes on what is wrong before it. -#}
                {%- if config.get('materialized') == 'table' -%}
                    {%- do run_query('drop table ' ~ this) -%}
                {%- endif -%}
                {%- do exceptions.raise_compiler_error(broken | join('; ')) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
