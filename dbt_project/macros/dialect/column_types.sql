{% macro column_types(schema) -%}
    {{ return(adapter.dispatch('column_types')(schema)) }}
{%- endmacro %}

{% macro default__column_types(schema) -%}
    (
        select
            table_name,
            column_name,
            ordinal_position as column_position,
            lower(data_type) as data_type
        from information_schema.columns
        where table_schema = '{{ schema }}' and table_catalog = current_database()
    )
{%- endmacro %}

{% macro spark__column_types(schema) -%}
    {%- set names = {'string': 'varchar', 'int': 'integer', 'array<string>': 'varchar[]'} -%}
    {%- set columns = [] -%}
    {%- if execute -%}
        {%- for table in run_query('show tables in ' ~ schema) -%}
            {%- set relation = api.Relation.create(schema=schema, identifier=table['tableName']) -%}
            {%- for column in adapter.get_columns_in_relation(relation) -%}
                {%- do columns.append(
                    "('" ~ [
                        table['tableName'], column.name, loop.index,
                        names.get(column.dtype, column.dtype),
                    ] | join("', '") ~ "')"
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    (
        select
            table_name,
            column_name,
            cast(column_position as int) as column_position,
            data_type
        from values
            {{ columns | join(',\n            ') if columns
                else "('', '', '', '')" }}
            as listed (table_name, column_name, column_position, data_type)
        where table_name <> ''
    )
{%- endmacro %}
