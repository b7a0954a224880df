"""Splink on the same cleaned records, configured as its documentation does."""

from __future__ import annotations

import logging
import warnings
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from ingestion import settings, storage
from scripts.bench import data
from scripts.bench.labelled import truth
from scripts.bench.measure import Stopwatch
from scripts.identity.measures import agreement

USUAL_THRESHOLD = 0.95
# Match probabilities tried, to tell what a user who knew the truth would have reached.
THRESHOLDS = (
    0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99,
    0.995, 0.999, 0.9995, 0.9999, 0.99995, 0.99999, 0.999999,
)  # fmt: skip
SAMPLED_RECORDS = 100_000

# One row per record: names, birth date, first e-mail address, phone and document number, place.
_RECORDS = """
with

contacts as (
    select
        record_key,
        min(normalized_value) filter (identifier_type = 'email') as email,
        min(normalized_value) filter (identifier_type = 'phone') as phone,
        min(identifier_type || ' ' || normalized_value) filter (value_kind = 'code') as code
    from warehouse.intermediate.int_identifiers__normalized
    where is_usable
    group by record_key
),

combined as (
    select
        record_key, source, record_id, given_name_key as first_name, family_name_key as surname,
        birth_date as dob, address_key as street, postcode, city
    from warehouse.intermediate.int_person_records__cleaned

    union all by name

    select
        record_key, source, record_id, company_key as surname, address_key as street, postcode, city
    from warehouse.intermediate.int_organizations__cleaned
)

select combined.record_key as unique_id, combined.*, contacts.email, contacts.phone, contacts.code
from combined
left join contacts using (record_key)
"""


def clustered(stopwatch: Stopwatch) -> dict[str, Any]:
    """Trains on all of the warehouse's records, predicts and clusters, whatever the truth is.

    Returns:
        How many records there were.
    """
    with closing(data.connect()) as connection:
        _clustered(stopwatch, connection, on_sample=False)
        ((records,),) = connection.execute("select count(*) from records").fetchall()
    return {"records": records}


def resolve(stopwatch: Stopwatch, folder: Path, on_sample: bool, best: bool) -> dict[str, Any]:
    """Trains, predicts and clusters; reading records and measuring the result is off the clock.

    Args:
        stopwatch: runs while Splink does.
        folder: has `truth.csv`.
        on_sample: train on a part of the records.
        best: also look for the threshold at which the truth is met best.

    Returns:
        F1 at the usual threshold, and at the best one.
    """
    with closing(data.connect()) as connection:
        linker, predicted, usual = _clustered(stopwatch, connection, on_sample)
        connection.execute(f"create table truth as from {truth(folder)}")
        told = {"usual": _f1(connection, usual.physical_name)}
        if best:
            told["best"] = max(
                _f1(
                    connection,
                    linker.clustering.cluster_pairwise_predictions_at_threshold(
                        predicted, threshold_match_probability=threshold
                    ).physical_name,
                )
                for threshold in THRESHOLDS
            )
        return told


def _settings(splink: Any, columns: set[str]) -> Any:
    """The comparisons and blocking rules that Splink's guides use for such columns."""
    library: Any = import_module("splink.comparison_library")
    frequent = {"term_frequency_adjustments": True}
    comparisons = {
        "first_name": lambda: library.NameComparison("first_name").configure(**frequent),
        "surname": lambda: library.NameComparison("surname").configure(**frequent),
        "dob": lambda: library.DateOfBirthComparison("dob", input_is_string=False),
        "email": lambda: library.EmailComparison("email").configure(**frequent),
        "phone": lambda: library.ExactMatch("phone").configure(**frequent),
        "street": lambda: library.LevenshteinAtThresholds("street", 2).configure(**frequent),
        "code": lambda: library.LevenshteinAtThresholds("code", 2),
        "postcode": lambda: library.ExactMatch("postcode").configure(**frequent),
        "city": lambda: library.ExactMatch("city").configure(**frequent),
    }
    return splink.SettingsCreator(
        link_type="dedupe_only",
        comparisons=[make() for column, make in comparisons.items() if column in columns],
        blocking_rules_to_generate_predictions=[
            splink.block_on(*rule) for rule in _BLOCKS if set(rule) <= columns
        ],
        retain_intermediate_calculation_columns=False,
    )


_BLOCKS = (
    ("first_name", "surname"),
    ("surname", "dob"),
    ("first_name", "dob"),
    ("email",),
    ("phone",),
    ("code",),
    ("postcode", "surname"),
    ("street",),
)


def _clustered(
    stopwatch: Stopwatch, connection: duckdb.DuckDBPyConnection, on_sample: bool
) -> tuple[Any, Any, Any]:
    """Splink's linker, predictions, and groups at the usual threshold, of the table `records`."""
    warnings.simplefilter("ignore")
    # What it says of its progress is not the report.
    logging.disable(logging.WARNING)
    splink: Any = import_module("splink")
    storage.attach(connection, settings.warehouse(), "warehouse")
    connection.execute(f"create table records as {_RECORDS}")
    columns = {
        name
        for (name,) in connection.execute(
            "select column_name from (unpivot (select count(columns(* exclude (unique_id))) "
            "from records) on * into name column_name value held) where held > 0"
        ).fetchall()
    }
    configuration = _settings(splink, columns)
    api = splink.DuckDBAPI(connection=connection)
    with stopwatch.running():
        if on_sample:
            connection.execute(
                "create table sampled as select * from records "
                f"using sample reservoir({SAMPLED_RECORDS} rows) repeatable (1)"
            )
            trained = _trained(splink, api, "sampled", configuration, columns)
            configuration = trained.misc.save_model_to_json()
            linker = splink.Linker(api.register("records"), configuration)
        else:
            linker = _trained(splink, api, "records", configuration, columns)
        predicted = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
        usual = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, threshold_match_probability=USUAL_THRESHOLD
        )
    return linker, predicted, usual


def _trained(splink: Any, api: Any, table: str, configuration: Any, columns: set[str]) -> Any:
    linker = splink.Linker(api.register(table), configuration)
    sure = [("first_name", "surname", "dob"), ("email",), ("first_name", "surname", "postcode")]
    linker.training.estimate_probability_two_random_records_match(
        [splink.block_on(*rule) for rule in sure if set(rule) <= columns], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (("first_name", "surname"), ("dob",), ("email",)):
        if set(rule) <= columns:
            linker.training.estimate_parameters_using_expectation_maximisation(
                splink.block_on(*rule)
            )
    return linker


def _f1(connection: Any, clusters: str) -> float:
    found = f"(select source || ':' || record_id as record, cluster_id as cluster from {clusters})"
    return agreement(connection, found, "truth").pairwise.f1
