"""Loads and builds as assets of Dagster: `dagster dev -m scripts.orchestration`.

dagster-dlt and dagster-dbt say what there is and what is made of what; the work is done by what
`cdi load` and `cdi build` call. So a schedule holds the same lock, keeps the same contracts and
publishes the same way as a person at a terminal, and either may go first.
"""
# Dagster reads the annotations of a function it decorates, so they cannot be put off here.

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSelection,
    AssetSpec,
    Definitions,
    Failure,
    MaterializeResult,
    ScheduleDefinition,
    define_asset_job,
    in_process_executor,
    multi_asset,
)
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.asset_utils import DAGSTER_DBT_UNIQUE_ID_METADATA_KEY
from dagster_dlt import DagsterDltTranslator
from dagster_dlt.translator import DltResourceTranslatorData

from ingestion import settings
from ingestion.contracts import contracts
from ingestion.lock import BusyError, exclusive
from ingestion.pipeline import LoadResult, declared, first_line
from ingestion.quarantine import QuarantinedRecord
from ingestion.sources import SOURCES
from ingestion.storage import StorageError
from scripts.build import build
from scripts.cli import environment
from scripts.load import load
from scripts.manifest import Manifest, latest

WAIT = 60 * 60
"""Seconds a run waits for the one before it, or for a person: until the next load is due."""

Events = Iterator[MaterializeResult | AssetCheckResult]


class RawTables(DagsterDltTranslator):
    """Calls a raw table by its schema and name, as `Tables` does: so the two are one graph."""

    def get_asset_spec(self, data: DltResourceTranslatorData) -> AssetSpec:
        """A raw table of a source, with what its contract says of it."""
        schema, table = f"raw_{data.resource.source_name}", data.resource.name
        model = contracts(data.resource.source_name).get(table, QuarantinedRecord)
        spec = super().get_asset_spec(data)
        return spec.replace_attributes(
            key=[schema, table],
            deps=[],
            group_name=schema,
            description=model.__doc__,
            metadata={**spec.metadata, "dagster/table_name": f"{schema}.{table}"},
        )


class Tables(DagsterDbtTranslator):
    """Calls whatever dbt reads or makes by its schema and name, and groups it by schema."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        """Where the table is, such as `marts/customer_360`."""
        node = dbt_resource_props
        return AssetKey([node["schema"], node.get("alias") or node["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The schema it is in."""
        return str(dbt_resource_props["schema"])


def loading(source: str) -> AssetsDefinition:
    """The raw tables of a source, which one load brings together, or not at all.

    `DagsterDltResource.run` would have dlt extract, normalize and write in one call. A load here
    checks its records between the first two, may refuse them, and then lands everything in a
    transaction of its own.
    """
    translator = RawTables()
    counts = AssetSpec(
        ["raw_loads", source], group_name="raw_loads", description=f"The loads of {source}."
    )
    tables = [
        translator.get_asset_spec(DltResourceTranslatorData(resource=resource, pipeline=None))
        for resource in declared(source).resources.values()
    ]

    @multi_asset(name=f"load_{source}", specs=[*tables, counts])
    def run() -> Events:
        with as_told():
            [result] = load([source], WAIT)
        if result.error:
            raise Failure(result.error, allow_retries=False)
        for spec in (*tables, counts):
            yield MaterializeResult(spec.key, metadata=became(result, spec.key.path[-1]))

    return run


def became(result: LoadResult, table: str) -> dict[str, Any]:
    """What a load did for a table, in numbers. A table nothing came for is there all the same."""
    if result.skipped:
        return {"skipped": result.skipped}
    return {
        name: number
        for count in result.counts
        if count["table_name"] == table
        for name, number in count.items()
        if type(number) is int
    }


def building(project: Manifest, translator: DagsterDbtTranslator) -> AssetsDefinition:
    """Everything that dbt makes of the raw tables, with its tests as checks.

    `DbtCliResource` would call dbt itself, without what `cdi build` does before and after.
    """

    @dbt_assets(manifest=project, dagster_dbt_translator=translator, name="build_models")
    def run(context: AssetExecutionContext) -> Events:
        keys = context.selected_asset_keys | context.selected_asset_check_keys
        chosen = {
            spec.metadata[DAGSTER_DBT_UNIQUE_ID_METADATA_KEY]: spec
            for spec in (*context.assets_def.specs, *context.assets_def.check_specs)
            if spec.key in keys
        }
        arguments = []
        if context.is_subset:
            names = [".".join(project["nodes"][node]["fqn"]) for node in chosen]
            arguments = ["--indirect-selection", "empty", "--select", *names]
        file = settings.dbt_target() / "run_results.json"
        with as_told(), exclusive("cdi build", WAIT):
            file.unlink(missing_ok=True)
            code = build(arguments)
            results = json.loads(file.read_text("utf-8"))["results"] if file.exists() else []
        failed = []
        for result in results:
            if result["status"] in ("error", "fail"):
                failed.append(result["unique_id"])
            if result["unique_id"] in chosen:
                yield from told(result, chosen[result["unique_id"]])
        if code:
            why = ", ".join(failed) or "its output says why"
            raise Failure(f"cdi build ended with {code}: {why}", allow_retries=False)

    return run


def told(result: dict[str, Any], spec: AssetSpec | AssetCheckSpec) -> Events:
    """What dbt says became of a node, without its message: that can hold values of records.

    Args:
        result: the node's, of `run_results.json`.
        spec: the asset or the check that the node is.
    """
    status = result["status"]
    metadata = {"seconds": result["execution_time"]}
    if isinstance(spec, AssetSpec):
        if status == "success":
            yield MaterializeResult(spec.key, metadata=metadata)
    elif status != "skipped":
        yield AssetCheckResult(
            asset_key=spec.asset_key,
            check_name=spec.name,
            passed=status == "pass",
            severity=AssetCheckSeverity.WARN if status == "warn" else AssetCheckSeverity.ERROR,
            metadata=metadata | {"failures": result["failures"] or 0},
        )


@contextmanager
def as_told() -> Iterator[None]:
    """What goes wrong is told in a line, as by `cdi`: what is kept of a run has no values."""
    try:
        yield
    except (BusyError, StorageError) as refused:
        raise Failure(str(refused), allow_retries=False) from None
    except duckdb.Error as error:
        raise Failure(first_line(error), allow_retries=False) from None


def definitions() -> Definitions:
    """All assets, a job that loads every hour, and one that builds every night."""
    environment()
    project, translator = latest(), Tables()
    loads = [loading(source) for source in SOURCES]
    builds = building(project, translator)
    loaded: set[AssetKey] = set().union(*(assets.keys for assets in loads))
    # All loads together write these, or other commands do, such as `cdi privacy erase`: shown,
    # and never run from here.
    others = [
        spec
        for source in project["sources"]
        if (spec := translator.get_asset_spec(project, source, None)).key not in loaded
    ]
    load_job = define_asset_job("load", AssetSelection.assets(*loads))
    build_job = define_asset_job("build", AssetSelection.assets(builds))
    return Definitions(
        assets=[*loads, builds, *others],
        jobs=[load_job, build_job],
        schedules=[
            ScheduleDefinition(job=load_job, cron_schedule="0 * * * *"),
            ScheduleDefinition(job=build_job, cron_schedule="30 4 * * *"),
        ],
        # One thing after another: there is one warehouse to write.
        executor=in_process_executor,
    )


defs = definitions()
