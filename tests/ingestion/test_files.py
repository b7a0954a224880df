"""Dropped files of every kind, mapped by yml alone, with nothing lost on the way."""

from __future__ import annotations

import datetime
import gzip
import json
import os
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from ingestion import settings
from ingestion.pipeline import LoadResult, SourceError, load
from ingestion.sources.files.mapping import read_mapping
from scripts.sandbox.vendors import files as sandbox_files

CRM = {
    "name": "crm",
    "path": "inbox/*.csv",
    "entity": "customers",
    "key": ["No"],
    "columns": {"given_name": "First", "family_name": "Last"},
}
TILL = {
    "name": "till",
    "path": "inbox/*.csv",
    "entity": "orders",
    "key": ["Receipt", "Line"],
    "columns": {"order_id": "Receipt", "customer_record_id": "Customer", "amount": "Paid"},
}

Drop = Callable[..., Path]
Map = Callable[..., Path]
Load = Callable[[str], LoadResult]
Query = Callable[..., list[tuple]]


def rules(query: Query) -> list[tuple]:
    return query("select rule, line, detail from raw_files.quarantine order by file, line")


# ---------------------------------------------------------------------------- loading


def test_a_mapped_csv_lands_in_canonical_columns(
    drop: Drop, mapped: Map, loaded: Load, query: Query
) -> None:
    drop(
        "a.csv",
        "No;First;Middle;Last;DOB;Since;Pass;Card;Colour;Size\n"
        "7;José;;O'Neil;31/12/1980;02.03.2021 04:05;X1;;red;\n",
        "cp1252",
    )
    columns = {
        "full_name": ["First", "Middle", "Last"],
        "given_name": "First",
        "birth_date": {"column": "DOB", "date_format": "%d/%m/%Y"},
        "country": {"value": "US"},
        "identifiers": {"passport": "Pass", "loyalty": "Card"},
        "created_at": {"column": "Since", "date_format": ["%Y-%m-%d", "%d.%m.%Y %H:%M"]},
    }
    mapped(CRM | {"columns": columns})
    assert loaded("files").rows == {"customers": 1}
    assert query(
        "select record_id, dataset, record_type, full_name, given_name, birth_date, country, "
        "identifiers, traits, created_at, line from raw_files.customers"
    ) == [
        (
            "crm:7",
            "crm",
            "person",
            "José O'Neil",
            "José",
            "1980-12-31",
            "US",
            '{"passport":"X1"}',
            '{"Colour":"red"}',
            datetime.datetime(2021, 3, 2, 4, 5),
            2,
        )
    ]


def test_orders_refer_to_customers_of_their_own_or_another_dataset(
    drop: Drop, mapped: Map, loaded: Load, query: Query
) -> None:
    drop("a.csv", "Receipt,Line,Customer,Paid\n1,1,7,10.50\n1,2,,3\n")
    other = TILL["columns"] | {"customer_record_id": {"column": "Customer", "dataset": "crm"}}
    mapped(TILL, TILL | {"name": "shop", "columns": other}, CRM | {"path": "none/*.csv"})
    result = loaded("files")
    assert result.rows == {"orders": 4}
    assert result.notes == [
        f"dataset crm: no file matches {settings.files_mapping().parent}/none/*.csv"
    ]
    assert query(
        "select record_id, customer_record_id, amount from raw_files.orders order by 1"
    ) == [
        ("shop:1|1", "crm:7", Decimal("10.5")),
        ("shop:1|2", None, Decimal(3)),
        ("till:1|1", "till:7", Decimal("10.5")),
        ("till:1|2", None, Decimal(3)),
    ]


def test_a_second_load_moves_nothing_until_a_file_or_the_mapping_changes(
    drop: Drop, mapped: Map, loaded: Load, query: Query
) -> None:
    first = drop("a.csv", "No,First,Last\n1,Ann,Lee\n2,Ben,Ode\n")
    mapped(CRM)
    assert loaded("files").rows == {"customers": 2}
    assert loaded("files").rows == {}
    os.utime(first)  # the same file, made again
    assert loaded("files").rows == {}
    drop("b.csv", "No,First,Last\n2,Benjamin,Ode\n3,Cy,Poe\n")
    assert loaded("files").rows == {"customers": 1}, "a.csv was touched last: its No 2 holds"
    mapped(CRM | {"columns": {"full_name": ["First", "Last"]}})
    assert loaded("files").rows == {"customers": 3}
    assert query("select count(*), count(distinct record_id) from raw_files.customers") == [(3, 3)]


def test_of_two_files_the_newer_one_holds_also_when_it_came_first(
    drop: Drop, mapped: Map, loaded: Load, query: Query
) -> None:
    drop("b.csv", "No,First,Last\n1,Newer,Lee\n")
    mapped(CRM)
    loaded("files")
    drop("a.csv", "No,First,Last\n1,Older,Lee\n2,Ben,Ode\n", age=1000)
    loaded("files")
    names = query("select record_id, given_name from raw_files.customers order by 1")
    assert names == [("crm:1", "Newer"), ("crm:2", "Ben")]


def test_one_load_of_two_files_keeps_the_newer_record(
    drop: Drop, mapped: Map, loaded: Load, query: Query
) -> None:
    drop("z.csv", "No,First,Last\n1,Older,Lee\n")
    drop("a.csv", "No,First,Last\n1,Newer,Lee\n")
    mapped(CRM)
    loaded("files")
    assert query("select given_name from raw_files.customers") == [("Newer",)]


# ---------------------------------------------------------------------------- quarantine


def test_every_line_is_loaded_or_set_aside_with_its_number_and_reason(
    drop: Drop, mapped: Map, loaded: Load, query: Query
) -> None:
    drop(
        "a.csv",
        "No;First;Last;DOB;Kind\n"  # 1
        '1;"Ann\nMarie";Lee;01/02/1980;person\n'  # 2, over two lines
        "\n"  # 4, blank
        "2;Ben;Ode;01/02/1980;Person;surplus\n"  # 5
        ";Cy;Poe;01/02/1980;\n"  # 6
        ";;;;\n"  # 7, blank too
        '3;"Dan;Roe;01/02/1980;\n'  # 8
        "4;Eve;Sue;31/02/1980;\n"  # 9
        "1;Ann;Lee;01/02/1980;person\n"  # 10
        "5;Fay;Tau;01/02/80;\n"  # 11
        "6;Gil;Uhl;01/02/1980;robot\n"  # 12
        "7;Hal\n"  # 13
        "8;Ida;Vox;;ORGANIZATION\n"  # 14
        "8;Ida;Vox;;ORGANIZATION\n"  # 15, the same again
        '9;"Jo"e;Wu;;\n'  # 16
        "10;Kay;Xi;01/02/1980;",  # 17, without a newline
    )
    columns = CRM["columns"] | {
        "birth_date": {"column": "DOB", "date_format": "%d/%m/%Y"},
        "record_type": "Kind",
    }
    mapped(CRM | {"columns": columns})
    result = loaded("files")
    assert query("select record_id, line, record_type from raw_files.customers order by line") == [
        ("crm:1", 2, "person"),
        ("crm:8", 15, "organization"),  # the same delivery twice: the last one of them
        ("crm:10", 17, "person"),
    ]
    assert [(rule, line) for rule, line, _ in rules(query)] == [
        ("wrong_number_of_fields", 5),
        ("missing_key", 6),
        ("broken_quotes", 8),
        ("invalid_date", 9),
        ("duplicate_key", 10),
        ("invalid_date", 11),
        ("invalid_record_type", 12),
        ("wrong_number_of_fields", 13),
        ("broken_quotes", 16),
    ]
    details = {line: detail for _, line, detail in rules(query)}
    assert details[9] == "dataset crm: DOB: not a date written as %d/%m/%Y"
    assert details[10] == "dataset crm: the key is that of line 2, the rest differs"
    assert sum(result.rejected.values()) == 9
    [(record,)] = query("select record from raw_files.quarantine where line = 5")
    assert record == "2;Ben;Ode;01/02/1980;Person;surplus"


def test_a_damaged_byte_sets_one_line_aside_and_garbles_no_other(
    drop: Drop, mapped: Map, loaded: Load, query: Query
) -> None:
    drop("a.csv", "No,First,Last\n1,José,Lee\n2,Zoë,Ode\n".encode() + b"3,C\xff,Poe\n4,Dan,Roe\n")
    mapped(CRM)
    loaded("files")
    names = query("select given_name from raw_files.customers order by line")
    assert names == [("José",), ("Zoë",), ("Dan",)]
    assert [rule[:2] for rule in rules(query)] == [("invalid_encoding", 4)]


MONEY_CASES = settings.PROJECT / "dbt_project" / "tests" / "macros" / "assert_parse_money_cases.sql"


def test_an_amount_is_read_as_dbt_reads_it_or_refused(
    drop: Drop, mapped: Map, loaded: Load, query: Query
) -> None:
    _, values = MONEY_CASES.read_text().split("cases (given, expected) as (")
    cases = duckdb.sql(f"from ({values.partition(chr(10) + '),')[0]}) where trim(col0) <> ''")
    amounts = dict(cases.fetchall())
    good = ["1"] * 20 * len(amounts)  # or too much of the load would be refused
    rows = [f"1\t{line}\t\t{amount}\n" for line, amount in enumerate([*amounts, *good], 2)]
    drop("a.csv", "Receipt\tLine\tCustomer\tPaid\n" + "".join(rows))
    mapped(TILL)
    loaded("files")
    found = dict(query("select line, amount from raw_files.orders"))
    assert {written: found.get(line) for line, written in enumerate(amounts, 2)} == amounts
    refused = [line for line, amount in enumerate(amounts.values(), 2) if amount is None]
    assert len(refused) > 5
    assert [rule[:2] for rule in rules(query)] == [("invalid_number", line) for line in refused]


def test_an_amount_keeps_the_currency_beside_it(
    drop: Drop, mapped: Map, loaded: Load, query: Query
) -> None:
    drop("a.csv", "Receipt\tLine\tCustomer\tPaid\n1\t1\t\t12,50 €\n1\t2\t\t12.50\n")
    mapped(TILL)
    loaded("files")
    assert query("select currency from raw_files.orders order by line") == [("€",), (None,)]


def test_a_mapped_currency_holds_where_a_row_has_one(
    drop: Drop, mapped: Map, loaded: Load, query: Query
) -> None:
    drop("a.csv", "Receipt,Line,Customer,Paid,Money\n1,1,,$12.50,CAD\n1,2,,kr. 12,\n1,3,,12,EUR\n")
    mapped(TILL | {"columns": TILL["columns"] | {"currency": "Money"}})
    loaded("files")
    found = query("select currency from raw_files.orders order by line")
    assert found == [("CAD",), ("kr.",), ("EUR",)]


TIMES = {
    "2024-02-29": datetime.datetime(2024, 2, 29),
    "2024-02-29 10:11": datetime.datetime(2024, 2, 29, 10, 11),
    "2024-02-29T10:11:12.5Z": datetime.datetime(2024, 2, 29, 10, 11, 12, 500000),
    "2024-02-29T23:11:12-02:00": datetime.datetime(2024, 3, 1, 1, 11, 12),
    "2023-02-29": None,
    "24-02-28": None,
    "02/03/2024": None,
    "yesterday": None,
}


def test_a_time_is_iso_and_in_utc_unless_the_mapping_says_otherwise(
    drop: Drop, mapped: Map, loaded: Load, query: Query
) -> None:
    rows = [f"{line},Ann,Lee,{written}\n" for line, written in enumerate(TIMES, 2)]
    drop("a.csv", "No,First,Last,Since\n" + "".join(rows))
    mapped(CRM | {"columns": {"created_at": "Since"}})
    loaded("files")
    found = dict(query("select line, created_at from raw_files.customers"))
    assert {written: found.get(line) for line, written in enumerate(TIMES, 2)} == TIMES
    refused = [line for line, written in enumerate(TIMES, 2) if TIMES[written] is None]
    assert [rule[:2] for rule in rules(query)] == [("invalid_date", line) for line in refused]


# ---------------------------------------------------------------------------- failures


@pytest.mark.parametrize(
    ("written", "date_format", "ordered_at", "zone"),
    [
        ("2026-07-01T10:00:00", None, "2026-07-01 08:00", "Europe/Berlin"),
        ("2026-01-01 10:00", None, "2026-01-01 09:00", "Europe/Berlin"),
        ("2026-07-01T10:00:00Z", None, "2026-07-01 10:00", "Z"),
        ("2026-07-01T10:00:00.5-05:00", None, "2026-07-01 15:00:00.5", "-05:00"),
        ("2026-07-01", None, "2026-06-30 22:00", "Europe/Berlin"),
        ("01.07.2026 10:00", "%d.%m.%Y %H:%M", "2026-07-01 08:00", "Europe/Berlin"),
        ("01.07.2026 10:00 +0300", "%d.%m.%Y %H:%M %z", "2026-07-01 07:00", "+0300"),
    ],
)
def test_times_are_of_the_zone_the_mapping_names_and_it_is_kept(
    drop: Drop, mapped: Map, loaded: Load, query: Query, written, date_format, ordered_at, zone
) -> None:
    drop("a.csv", f"Receipt,Line,At\n1,1,{written}\n")
    at = {"column": "At", "date_format": date_format} if date_format else "At"
    columns = {"order_id": "Receipt", "ordered_at": at}
    mapped({**TILL, "time_zone": "Europe/Berlin", "columns": columns})
    loaded("files")
    moment = datetime.datetime.fromisoformat(ordered_at)
    assert query("select ordered_at, time_zone from raw_files.orders") == [(moment, zone)]


def test_without_a_zone_times_are_utc_and_say_no_other(
    drop: Drop, mapped: Map, loaded: Load, query: Query
) -> None:
    drop("a.csv", "Receipt,Line,At\n1,1,2026-07-01T10:00:00\n")
    mapped({**TILL, "columns": {"order_id": "Receipt", "ordered_at": "At"}})
    loaded("files")
    assert query("select ordered_at, time_zone from raw_files.orders") == [
        (datetime.datetime(2026, 7, 1, 10), None)
    ]


def test_a_file_without_a_mapped_column_fails_alone_with_a_hint(
    drop: Drop, mapped: Map, query: Query
) -> None:
    drop("good.csv", "No,First,Last\n1,Ann,Lee\n")
    bad = drop("torn.csv", "No,Frist,Last\n2,Ben,Ode\n")
    mapped(CRM)
    result = load("files")
    assert result.error == (
        f'dataset crm: file {bad} has no column "First" (did you mean Frist?); '
        "its columns: No, Frist, Last"
    )
    assert result.rows == {"customers": 1}
    bad.write_text("No,First,Last\n2,Ben,Ode\n")
    result = load("files")
    assert (result.error, result.rows) == (None, {"customers": 1})
    assert query("select count(*) from raw_files.customers") == [(2,)]


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("a.csv", gzip.compress(b"No,First,Last\n" + os.urandom(9000))[:5000], "cannot be read"),
        ("a.csv", b"PK\x03\x04 no workbook", "cannot be read"),
        ("a.csv", b"PAR1 no parquet", "cannot be read"),
        ("a.json.csv", b'[{"No": 1}, {"No": ', "not valid JSON at line 1"),
    ],
    ids=["torn gzip", "torn excel", "torn parquet", "torn json"],
)
def test_an_unreadable_file_is_named_and_the_others_load(
    name: str, content: bytes, cause: str, drop: Drop, mapped: Map
) -> None:
    drop("good.csv", "No,First,Last\n1,Ann,Lee\n")
    suffix = ".gz" if content[:2] == b"\x1f\x8b" else ""
    drop("bad_" + name + suffix, content)
    mapped(CRM | {"path": "inbox/*"})
    result = load("files")
    assert result.error is not None
    assert f"bad_{name}" in result.error
    assert cause in result.error
    assert result.rows == {"customers": 1}


def test_no_mapping_and_no_dataset_are_information(
    mapped: Map, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDI_FILES", str(tmp_path / "absent.yml"))
    result = load("files")
    assert result.error is None
    assert "absent.yml" in (result.skipped or "")
    mapped("datasets:\n")
    assert "names no dataset" in (load("files").skipped or "")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"columns": {"given_nme": "First"}},
            'unknown column "given_nme" (did you mean given_name?)',
        ),
        ({"colums": {}}, 'unknown setting "colums" (did you mean columns?)'),
        ({"entity": "people"}, "entity"),
        ({"name": "a:b"}, "name"),
        ({"format": {"delimiter": "||"}}, "format.delimiter: must be one ASCII character"),
        ({"format": {"encoding": "cp9999"}}, 'unknown encoding "cp9999"'),
        ({"format": {"delimeter": ";"}}, 'unknown setting "delimeter" (did you mean delimiter?)'),
        ({"columns": {"country": {"value": False}}}, "put it in quotes"),
        ({"columns": {"email": {"column": "a", "value": "b"}}}, "give a source column, or"),
        ({"columns": {"email": {"column": "a", "date_format": "%Y"}}}, "date_format applies to"),
        ({"columns": {"birth_date": {"column": "a", "date_format": "%Q"}}}, '"%Q"'),
        ({"columns": {"identifiers": {"Pass port": "a"}}}, "lowercase"),
        ({"time_zone": "Berlin"}, '"Berlin" is not a time zone such as Europe/Berlin'),
        ({"path": None}, "path"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_a_fault_in_the_mapping_names_file_dataset_and_setting(
    change: dict, message: str, mapped: Map, tmp_path: Path
) -> None:
    file = tmp_path / "files.yml"
    file.write_text(yaml.safe_dump({"datasets": [CRM | change]}))
    with pytest.raises(SourceError) as caught:
        read_mapping(file)
    text = str(caught.value)
    assert text.startswith(f"files.yml: dataset {change.get('name', 'crm')}: ")
    assert message in text


def test_a_mapping_refers_only_to_datasets_there_are(tmp_path: Path) -> None:
    file = tmp_path / "files.yml"
    orders = TILL | {"columns": {"customer_record_id": {"column": "c", "dataset": "cmr"}}}
    file.write_text(yaml.safe_dump({"datasets": [CRM, orders]}))
    with pytest.raises(SourceError, match=r'no customers dataset "cmr" \(did you mean crm\?\)'):
        read_mapping(file)
    file.write_text(yaml.safe_dump({"datasets": [CRM, CRM]}))
    with pytest.raises(SourceError, match="crm: the name is used twice"):
        read_mapping(file)
    file.write_text("datasets:\n  - {name: a, path: b, name: c}\n")
    with pytest.raises(SourceError, match='"name" is given twice'):
        read_mapping(file)


# ---------------------------------------------------------------------------- kinds of file


def test_excel_json_parquet_and_packed_files_give_the_same_records(
    drop: Drop, mapped: Map, loaded: Load, query: Query, tmp_path: Path
) -> None:
    born = datetime.date(1980, 12, 31)
    book = openpyxl.Workbook()
    book.active.append(["A note above the table"])
    book.active.append(["No", "Born", "Home.City", "Active"])
    book.active.append([1, born, "Bern", True])
    (tmp_path / "inbox").mkdir()
    book.save(tmp_path / "inbox" / "a.xlsx")
    table = {"No": [2.0], "Born": [datetime.datetime(1980, 12, 31)], "Home.City": ["Bern"]}
    pq.write_table(pa.table(table | {"Active": [True]}), tmp_path / "inbox" / "b.parquet")
    record = {"No": 3, "Born": "1980-12-31", "Home": {"City": "Bern"}, "Active": True}
    drop("c.json", json.dumps([record], indent=1))
    drop("d.jsonl", json.dumps(record | {"No": 4}) + '\n{"No": 9\n[1]\n{"No": 9, "No": 8}\n')
    drop("e.csv.gz", gzip.compress(b"No,Born,Home.City,Active\n5,1980-12-31,Bern,true\n"))
    columns = {"birth_date": {"column": "Born", "date_format": "%Y-%m-%d"}, "city": "Home.City"}
    mapped(CRM | {"path": "inbox/*", "columns": columns})
    loaded("files")
    assert query(
        "select record_id, birth_date, city, traits, line from raw_files.customers order by 1"
    ) == [
        ("crm:1", "1980-12-31", "Bern", '{"Active":"true"}', 3),
        ("crm:2", "1980-12-31", "Bern", '{"Active":"true"}', 1),
        ("crm:3", "1980-12-31", "Bern", '{"Active":"true"}', 2),
        ("crm:4", "1980-12-31", "Bern", '{"Active":"true"}', 1),
        ("crm:5", "1980-12-31", "Bern", '{"Active":"true"}', 2),
    ]
    assert [rule[:2] for rule in rules(query)] == [
        ("invalid_json", 2),
        ("not_an_object", 3),
        ("invalid_json", 4),
    ]


def test_a_path_alone_is_enough(drop: Drop, mapped: Map, loaded: Load, query: Query) -> None:
    file = drop("a.csv", "a|b\n1|x\n2|y\n")
    mapped({"name": "anything", "path": "inbox/a.csv"})
    loaded("files")
    assert query("select record_id, traits from raw_files.customers order by line") == [
        (f"anything:{file}:2", '{"a":"1","b":"x"}'),
        (f"anything:{file}:3", '{"a":"2","b":"y"}'),
    ]


def test_hostile_names_and_values_are_only_text(
    drop: Drop, mapped: Map, loaded: Load, query: Query
) -> None:
    name = "'); drop table seen; --"
    drop("a'b [1].csv", f'No,"{name}","q""uote"\n1,=1+1,{name}\n')
    mapped(CRM | {"path": "inbox/a'b [1].csv", "columns": {"given_name": name}})
    loaded("files")
    [(given, traits)] = query("select given_name, traits from raw_files.customers")
    assert given == "=1+1"
    assert json.loads(traits) == {'q"uote': name}


def test_a_mapping_may_read_from_any_file_system(mapped: Map, loaded: Load, query: Query) -> None:
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe("/bucket/a.csv", b"No,First,Last\n1,Ann,Lee\n")
    mapped(CRM | {"path": "memory://bucket/*.csv"})
    assert loaded("files").rows == {"customers": 1}
    assert loaded("files").rows == {}
    assert query("select file from raw_files.customers") == [("memory:///bucket/a.csv",)]


# ---------------------------------------------------------------------------- the sandbox's files


def test_the_sandbox_files_load_by_the_shipped_mapping_and_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loaded: Load, query: Query
) -> None:
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as world")
    connection.execute(
        """
        create table world.person_records as
        select
            'files' as source, printf('legacy_crm:C%06d', number) as record_id,
            number as record_number, number as person_id, 'Łukasz; "Luke"' as given_name,
            null as middle_name, 'Müller' as family_name, null as name_suffix,
            case when number % 2 = 0 then '01.02.1980' else '01/02/1980' end as birth_date,
            'male' as gender, 'l@example.com' as email, null as other_email, null as phone,
            'Hauptstraße 1' as street_address, null as unit, 'Köln' as city, null as region,
            '50667' as postcode, 'DE' as country, null as company_name, null as job_title,
            null as user_id,
            timestamp '2016-05-06' + to_years(cast(number % 4 as int)) as created_at,
            timestamp '2020-07-08 09:10:11' as updated_at
        from range(1, 41) as numbers (number)
        """
    )
    connection.execute(
        """
        create table world.orders as
        select number as order_number, 'files' as source, printf('LO-%d', number) as order_id,
            case when number % 2 = 0 then printf('legacy_crm:C%06d', number) end as record_id,
            'l@example.com' as email, null as phone, timestamp '2019-01-02 03:04:05' as ordered_at,
            'paid' as status, 'EUR' as currency, 99.99 as total
        from range(1, 11) as numbers (number)
        """
    )
    connection.execute(
        """
        create table world.order_lines as
        select number as order_number, line as line_number, 'p' || line as product_id,
            'Thing' as product_name, 1 as quantity, cast(30 as decimal(18, 2)) as amount
        from range(1, 11) as numbers (number), range(1, 4) as lines (line)
        """
    )
    sandbox_files.render(connection, tmp_path / "sandbox")
    shipped = settings.files_mapping().read_text("utf-8")
    mapping = tmp_path / "files.yml"
    mapping.write_text(shipped.replace("data/sandbox", str(tmp_path / "sandbox")), "utf-8")
    monkeypatch.setenv("CDI_FILES", str(mapping))
    assert loaded("files").rows == {"customers": 40, "orders": 30}
    assert query(
        "select distinct given_name, family_name, city, birth_date from raw_files.customers"
    ) == [('?ukasz; "Luke"', "Müller", "Köln", "1980-02-01")]
    assert query("select sum(amount), count(customer_record_id) from raw_files.orders") == [
        (Decimal("999.9"), 15)
    ]
    found = Counter(rule for rule, _, _ in rules(query))
    assert found == {
        "missing_key": 1,
        "invalid_date": 1,
        "duplicate_key": 1,
        "wrong_number_of_fields": 1,
        "broken_quotes": 1,
    }
    received = sum(
        len(file.read_text("cp1252").splitlines()) - 1
        for file in (tmp_path / "sandbox").rglob("*.*sv")
    )
    assert received == 40 + 30 + sum(found.values())
    assert loaded("files").rows == {}
