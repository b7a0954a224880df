{#
    dbt-spark's own puts values between quotes as they are, and a missing one as the text None. Rows go
    as one document, which Spark reads far faster than as many expressions.
#}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set names = agate_table.column_names -%}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- set fields = [] -%}
    {%- set casts = [] -%}
    {%- for name in names -%}
        {%- set found = adapter.convert_type(agate_table, loop.index0) -%}
        {%- set type = column_type(types.get(name, found)) -%}
        {%- do fields.append('`' ~ name ~ '`: string') -%}
        {%- do casts.append('cast(`' ~ name ~ '` as ' ~ type ~ ')') -%}
    {%- endfor -%}
    {%- set statements = [] -%}
    {%- for chunk in agate_table.rows | batch(10000) -%}
        {%- set rows = [] -%}
        {%- for row in chunk -%}
            {%- set cells = {} -%}
            {%- for name in names -%}
                {%- if row[loop.index0] is not none -%}
                    {%- do cells.update({name: row[loop.index0] | string}) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- do rows.append(cells) -%}
        {%- endfor -%}
        {%- set document = tojson(rows) | replace('\\', '\\\\') | replace("'", "\\'") -%}
        {%- set structure = 'array<struct<' ~ fields | join(', ') ~ '>>' -%}
        {%- set sql = (
            'insert into ' ~ this.render() ~ ' select ' ~ casts | join(', ')
            ~ " from (select inline(from_json('" ~ document ~ "', '" ~ structure ~ "')))"
        ) -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
        {%- if loop.first -%}
            {%- do statements.append(sql) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(statements | first) }}
{%- endmacro %}
