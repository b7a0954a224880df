{# A Python model is given tables that it can turn into Arrow's, as DuckDB gives it, and gives one back. #}

{% macro py_write_table(compiled_code, target_relation) -%}
{{ compiled_code }}
dbt = dbtObj(lambda name: Table(spark.table(name)))
spark.createDataFrame(model(dbt, spark)).write.mode("overwrite").format(
    "parquet"
).saveAsTable("{{ target_relation }}")
{%- endmacro %}
