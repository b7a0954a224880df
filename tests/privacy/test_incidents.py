"""`cdi incident`: who is found, by which laws, until when; and two rehearsals of the worst."""

from __future__ import annotations

import csv
import datetime
import json
import re
import stat
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from ingestion import incidents, settings
from scripts.cli import app
from scripts.incident import components, exposure, register
from scripts.incident.exposure import IncidentError

from .warehouses import ANN, BEA, PERSONAL, write_warehouse

NOTICED = "2026-03-02T09:00:00"
# A leaked export: each row with whom it is of, if of somebody known.
EXPORT = (
    ("id", "Mail", "Phone", "Country", "When", "Loyalty"),
    # One person four times: by the id, in other ways of writing, and by the key of a record.
    ("cus_ann", "", "", "", "2026-03-01T12:00:00Z", ""),
    ("", "ANN.LEE+shop@gmail.com", "", "", "2026-03-01T12:00:01Z", ""),
    ("", "", "020 7946 0123", "United Kingdom", "2026-03-01T12:00:02Z", ""),
    ("shopify:670001", "stranger2@example.org", "", "", "2026-03-01T12:00:03Z", ""),
    # By an id of old, and by the number on a card.
    ("cus_old", "", "", "", "2026-03-01T12:00:04Z", "LC-777 888"),
    # The number is of two people; the address says which.
    ("", "Dee Ford <dee@example.net>", "+1 415 555 0100", "", "2026-03-01T12:00:05Z", ""),
    # Two rows of one stranger, one of another who has a number alone, one of nobody.
    ("", "stranger@example.org", "+49 30 901820", "", "2026-03-01T12:00:06Z", ""),
    ("", "Stranger@example.org", "", "", "2026-03-01T12:00:07Z", ""),
    ("", "", "+49 30 901821", "Germany", "2026-03-01T12:00:08Z", ""),
    ("x", "", "", "Germany", "2026-03-01T12:00:09Z", ""),
)


def cdi(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["incident", *map(str, arguments)])


@pytest.fixture
def warehouse() -> Path:
    return write_warehouse(settings.warehouse())


@pytest.fixture
def affected(query: Callable[..., list[tuple]]) -> Callable[..., set[str]]:
    """Opens an incident of exposed data; the customers affected."""

    def run(*arguments: object) -> set[str]:
        result = cdi("open", "exposed", *arguments)
        assert result.exit_code == 0, result.output
        ((latest,),) = query(
            "select incident_id from raw_incidents.incidents "
            "order by length(incident_id) desc, incident_id desc limit 1"
        )
        people = query(
            "select customer_id from raw_incidents.incident_people where incident_id = ?", latest
        )
        assert len(people) == len(set(people))
        ((counted,),) = query(
            "select people_count from raw_incidents.incidents where incident_id = ?", latest
        )
        assert counted == len(people)
        return {customer.removeprefix("cus_") for (customer,) in people}

    return run


def write_export(folder: Path, kind: str) -> Path:
    header, *rows = EXPORT
    file = folder / f"export.{kind}"
    if kind == "csv":
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=";").writerows(EXPORT)
    elif kind == "json":
        file.write_text(json.dumps([dict(zip(header, row, strict=True)) for row in rows]))
    elif kind == "parquet":
        columns = dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))
        pq.write_table(pa.table(columns), file)
    elif kind == "xlsx":
        workbook = pytest.importorskip("openpyxl").Workbook()
        for row in EXPORT:
            workbook.active.append(row)
        workbook.save(file)
    else:
        names = ", ".join(f'"{name}" varchar' for name in header)
        with duckdb.connect(str(file)) as connection:
            connection.execute(f"create table leaked ({names})")
            connection.executemany(
                f"insert into leaked values ({', '.join('?' * len(header))})",
                [list(row) for row in rows],
            )
    return file


def files_of(warehouse: Path) -> Path:
    (folder,) = (warehouse.parent / "incidents").iterdir()
    return folder


# ---------------------------------------------------------------------------- rehearsals


def test_a_leaked_export_from_notice_to_close(
    warehouse: Path, tmp_path: Path, query: Callable[..., list[tuple]]
) -> None:
    export = write_export(tmp_path, "csv")
    opened = cdi("open", "exposed", "--file", export, "--noticed", NOTICED,
                 "--recipient", "a mailing house")  # fmt: skip
    assert opened.exit_code == 0, opened.output
    ((incident, rows, people, unknown, recipients),) = query(
        "select incident_id, row_count, people_count, unknown_count, recipients "
        "from raw_incidents.incidents"
    )
    assert (rows, people, unknown, recipients) == (10, 3, 2, "a mailing house")
    laws = query("select customer_id, law from raw_incidents.incident_people order by 1")
    assert laws == [("cus_ann", "uk_gdpr"), ("cus_dee", "us_ca"), ("cus_eva", "other")]
    classes = dict(query("select pii, column_count from raw_incidents.incident_classes"))
    # Mail and phone; the id, and the card in a column that nothing else tells of; the country.
    assert classes == {"contact": 2, "direct_identifier": 2, "location": 1}
    due = dict(query("select step, due_at from raw_incidents.incident_steps"))
    noticed = datetime.datetime.fromisoformat(NOTICED)
    assert due["tell_authority:uk_gdpr"] == noticed + datetime.timedelta(hours=72)
    assert due["tell_people:us_ca"] == noticed + datetime.timedelta(days=30)
    assert due["tell_authority:other"] == noticed + datetime.timedelta(hours=72)
    assert "tell_authority:us_ca" not in due  # one Californian, not more than 500

    folder = files_of(warehouse)
    listed = folder / "people.csv"
    assert stat.S_IMODE(listed.stat().st_mode) == 0o600
    with listed.open(encoding="utf-8", newline="") as file:
        told = {row["customer_id"]: row for row in csv.DictReader(file)}
    assert set(told) == {"cus_ann", "cus_dee", "cus_eva"}
    assert told["cus_ann"]["language"] == "en"
    assert told["cus_ann"]["phone"] == "'+442079460123"
    assert told["cus_dee"]["law"] == "us_ca"

    status = cdi("status", incident)
    assert "late: 2026-03-05 09:00:00 UTC" in status.output
    told_of_it = [
        opened.output,
        status.output,
        cdi("status").output,
        cdi("status", incident, "--markdown").output,
        (folder / "report.md").read_text(),
    ]
    for text in told_of_it:
        words = set(re.split(r"[^\w@.'+]+", text.replace(str(folder), "").lower()))
        assert not [one for one in PERSONAL if any(one in word for word in words)]

    refused = cdi("close", incident, "--outcome", "told everybody")
    assert refused.exit_code == 1
    assert "contain" in refused.output
    for (step,) in query("select step from raw_incidents.incident_steps where is_obligatory"):
        assert cdi("step", incident, step, "--done").exit_code == 0
    assert listed.exists()
    assert cdi("close", incident, "--outcome", "told everybody").exit_code == 0
    assert not listed.exists()
    assert query("select outcome, forced_reason from raw_incidents.incidents") == [
        ("told everybody", None)
    ]
    assert "closed" in cdi("status").output


def test_an_advisory_of_duckdb(
    warehouse: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    query: Callable[..., list[tuple]],
) -> None:
    write_locks(tmp_path)
    monkeypatch.setattr(settings, "PROJECT", _with_seeds(tmp_path))
    monkeypatch.setattr(components.metadata, "version", lambda name: "1.5.6")
    advisory = ["--package", "DuckDB", "--affected", "<1.5.6", "--advisory", "GHSA-0000"]
    opened = cdi("open", "component", *advisory, "--fixed-in", "1.5.6", "--noticed", NOTICED)
    assert opened.exit_code == 0, opened.output
    verdicts = {line.split()[0]: line.endswith(" affected") and "not" not in line
                for line in opened.output.splitlines()[:3]}  # fmt: skip
    assert verdicts == {
        "requirements.lock": True, "requirements-dev.lock": False, "installed": False,
    }  # fmt: skip
    assert "dbt-duckdb" in opened.output
    ((kind, subject, advised, people),) = query(
        "select kind, subject, advisory, people_count from raw_incidents.incidents"
    )
    assert (kind, subject, advised, people) == ("vulnerable component", "duckdb", "GHSA-0000", 0)
    ((replace, due),) = query(
        "select what, due_at from raw_incidents.incident_steps where step = 'replace'"
    )
    assert "leave duckdb~=1.5.5 in pyproject.toml" in replace
    assert "make lock" in replace
    assert due == datetime.datetime(2026, 3, 9, 9)
    steps = {step for (step,) in query("select step from raw_incidents.incident_steps")}
    assert {"replace", "notify_users", "disclose"} <= steps
    assert query("select count(*) from raw_incidents.incident_people") == [(0,)]
    assert not (files_of(warehouse) / "people.csv").exists()


# ---------------------------------------------------------------------------- who is affected


@pytest.mark.parametrize("kind", ["csv", "json", "parquet", "xlsx", "duckdb"])
def test_a_file_of_any_kind_tells_the_same(
    kind: str, warehouse: Path, tmp_path: Path, affected: Callable[..., set[str]]
) -> None:
    assert affected("--file", write_export(tmp_path, kind)) == {"ann", "dee", "eva"}


@pytest.mark.parametrize(
    ("since", "until", "who"),
    [
        ("2026-03-01T12:00:00", "2026-03-01T13:00:00", {"ann", "eva"}),
        ("2026-03-01T13:00:00+01:00", "2026-03-01T14:00:00+01:00", {"ann", "eva"}),
        ("2026-03-01T11:59:59", "2026-03-01T13:00:00", {"ann", "eva", "bea"}),
        ("2026-03-01T12:00:00", "2026-03-01T13:00:01", {"ann", "eva", "cal"}),
        ("2026-03-01T12:30:01", "2026-03-01T12:59:59", set()),
        ("2026-03-01T13:00:01", None, {"cal"}),
        (None, "2026-03-01T11:59:59", {"bea"}),
    ],
)
def test_rows_count_by_the_second(
    since: str | None,
    until: str | None,
    who: set[str],
    warehouse: Path,
    affected: Callable[..., set[str]],
) -> None:
    limits = ["--from", since] if since else []
    limits += ["--until", until] if until else []
    assert affected("--relation", "marts.fct_orders", *limits) == who


@pytest.mark.parametrize(
    ("until", "who"),
    [
        ("2026-03-01T12:00:04", {"ann", "eva"}),
        ("2026-03-01T12:00:03", {"ann"}),
        ("2026-03-01T12:00:05", {"ann", "eva", "dee"}),
    ],
)
def test_rows_of_a_file_count_by_a_column_that_is_named(
    until: str, who: set[str], warehouse: Path, tmp_path: Path, affected: Callable[..., set[str]]
) -> None:
    export = write_export(tmp_path, "csv")
    assert affected("--file", export, "--time-column", "When", "--until", until) == who


def test_a_row_without_a_time_is_not_left_out(
    warehouse: Path, affected: Callable[..., set[str]]
) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("insert into marts.fct_orders values ('a:7', 'cus_dee', 1, '', null)")
    assert affected("--relation", "marts.fct_orders", "--from", "2027-01-01") == {"dee"}


def test_a_relation_without_times_counts_whole_and_says_so(
    warehouse: Path, affected: Callable[..., set[str]]
) -> None:
    relation = ["--relation", "marts.dim_customers", "--from", "2026-03-01"]
    assert affected(*relation) == {"ann", "bea", "cal", "dee", "eva"}
    assert "does not say when" in cdi("open", "exposed", *relation).output


def test_raw_records_and_documents_lead_to_their_people(
    warehouse: Path, affected: Callable[..., set[str]], query: Callable[..., list[tuple]]
) -> None:
    """By the record's own id, else by what is in it; a size that looks like an id is none."""
    everybody = affected("--relation", "raw_hubspot.contacts")
    assert everybody == {"ann", "cal", "dee"}
    assert query("select unknown_count from raw_incidents.incidents") == [(1,)]
    # A number alone, of a household: both.
    late = affected("--relation", "raw_hubspot.contacts", "--from", "2026-03-01T12:00:02")
    assert late == {"cal", "dee"}
    assert affected("--relation", "staging.stg_hubspot__contacts") == everybody


def test_who_has_nothing_in_the_columns_exposed_is_not_affected(
    warehouse: Path, affected: Callable[..., set[str]], query: Callable[..., list[tuple]]
) -> None:
    dim = ["--relation", "marts.dim_customers"]
    assert affected(*dim, "--column", "email") == {"ann", "bea", "dee"}
    assert query("select pii, column_count from raw_incidents.incident_classes") == [("contact", 1)]
    assert affected("--relation", "marts.fct_orders", "--column", "status") == set()


def test_small_numbers_are_nobodys_ids(
    warehouse: Path, tmp_path: Path, affected: Callable[..., set[str]]
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("order,quantity,price\n1,101000,5\n2,3,6\n3,4,7\n4,5,8\n")
    assert affected("--file", file) == set()
    file.write_text("contact,quantity\n101000,1\n101001,2\n55555555,3\n")
    assert affected("--file", file) == {"ann", "cal"}


def test_what_a_spreadsheet_would_run_is_text(
    warehouse: Path, tmp_path: Path, affected: Callable[..., set[str]]
) -> None:
    file = tmp_path / "one.csv"
    file.write_text("email\nbea@example.net\n")
    assert affected("--file", file) == {"bea"}
    with (files_of(warehouse) / "people.csv").open(encoding="utf-8", newline="") as listed:
        (row,) = csv.DictReader(listed)
    assert row["full_name"] == f"'{BEA[1]}"


# ---------------------------------------------------------------------------- laws and deadlines


@pytest.mark.parametrize(("californians", "is_told"), [(500, False), (501, True)])
def test_the_attorney_general_is_told_from_501_californians_on(
    californians: int, is_told: bool, query: Callable[..., list[tuple]]
) -> None:
    people = [
        (f"cus_{number}", *ANN[1:9], "US-CA" if number < californians else "US-TX", "US")
        for number in range(californians + 7)
    ]
    write_warehouse(settings.warehouse(), people)
    opened = cdi("open", "exposed", "--relation", "marts.dim_customers", "--noticed", NOTICED)
    assert opened.exit_code == 0, opened.output
    laws = dict(query("select law, count(*) from raw_incidents.incident_people group by law"))
    assert laws == {"us_ca": californians, "us_states": 7}
    due = dict(query("select step, due_at from raw_incidents.incident_steps"))
    assert due["tell_people:us_ca"] == datetime.datetime(2026, 4, 1, 9)
    assert ("tell_authority:us_ca" in due) == is_told
    if is_told:
        assert due["tell_authority:us_ca"] == datetime.datetime(2026, 4, 16, 9)
        ((incident,),) = query("select incident_id from raw_incidents.incidents")
        assert cdi("step", incident, "tell_people:us_ca", "--done").exit_code == 0
        ((done, due_now),) = query(
            "select max(done_at), max(due_at) filter (step = 'tell_authority:us_ca') "
            "from raw_incidents.incident_steps"
        )
        assert due_now - done == datetime.timedelta(days=15)


def test_the_laws_cover_every_place_once_and_say_where_to_read_them() -> None:
    with duckdb.connect() as connection:
        register.load_seed(connection, "breach_laws", "governance")
        places = connection.execute(
            "select unnest(string_split(places, ' ')) from breach_laws"
        ).fetchall()
        assert len(places) == len(set(places))
        assert ("*",) in places
        assert len([place for (place,) in places if len(place) == 2]) > 40
        assert (
            connection.execute(
                "select law from breach_laws "
                "where not regexp_matches(source, '^.+, https://[^ ]+$') or threshold is null"
            ).fetchall()
            == []
        )


def test_a_law_that_gives_no_hours_leaves_those_of_the_policy(warehouse: Path) -> None:
    with duckdb.connect() as connection:
        register.load_seed(connection, "breach_laws", "governance")
        connection.execute("create table placed as select 'ch_fadp' as law")
        noticed = datetime.datetime(2026, 3, 2)
        laws = register.laws(connection, "placed", noticed)
        (step,) = [
            step
            for step in register.steps(connection, "data exposed", noticed, laws)
            if step["step"] == "tell_authority:ch_fadp"
        ]
    assert laws[0].authority_due_at is None
    assert step["due_at"] == datetime.datetime(2026, 3, 5)


# ---------------------------------------------------------------------------- the register


def test_an_incident_is_closed_undone_only_for_a_reason(
    warehouse: Path, query: Callable[..., list[tuple]]
) -> None:
    assert cdi("open", "exposed", "--relation", "marts.fct_orders").exit_code == 0
    ((incident,),) = query("select incident_id from raw_incidents.incidents")
    assert cdi("close", incident, "--outcome", "x", "--force", " ").exit_code == 1
    forced = cdi("close", incident, "--outcome", "a drill", "--force", "no data had left")
    assert forced.exit_code == 0, forced.output
    assert query("select forced_reason from raw_incidents.incidents") == [("no data had left",)]
    for again in (["close", incident, "--outcome", "x"], ["step", incident, "contain", "--done"]):
        result = cdi(*again)
        assert result.exit_code == 1
        assert "is closed since" in result.output


def test_what_cannot_be_written_whole_is_not_written(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch, query: Callable[..., list[tuple]]
) -> None:
    insert = register._insert

    def failing(connection: object, table: str, row: object) -> None:
        if table == "incident_classes":
            raise duckdb.IOException("disk full")
        insert(connection, table, row)  # type: ignore[arg-type]

    monkeypatch.setattr(register, "_insert", failing)
    assert cdi("open", "exposed", "--relation", "marts.dim_customers").exit_code != 0
    for model in incidents.TABLES:
        assert query(f"select count(*) from raw_incidents.{model.raw.name}") == [(0,)]


def test_incidents_of_a_day_have_numbers(
    warehouse: Path, query: Callable[..., list[tuple]]
) -> None:
    for _ in range(11):
        with register.opened() as connection:
            opened_at = datetime.datetime(2026, 3, 2)
            row = {"incident_id": register.next_id(connection, opened_at), "kind": "data exposed"}
            register.write(connection, row, [])
    assert query("select max(incident_id), count(*) from raw_incidents.incidents") == [
        ("inc_20260302_9", 11)
    ]
    assert query("select 1 from raw_incidents.incidents where incident_id = 'inc_20260302_11'")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "either --relation or --file"),
        (["--relation", "marts.dim_customers", "--file", "x.csv"], "either --relation or --file"),
        (["--relation", "marts.dim_custmers"], "did you mean marts.dim_customers"),
        (["--relation", "marts.fct_orders", "--column", "gone"], "no column gone: there are"),
        (["--relation", "marts.fct_orders", "--time-column", "gone"], "no column gone"),
        (["--relation", "marts.fct_orders", "--from", "soon"], "--from soon is no time"),
        (["--relation", "marts.fct_orders", "--noticed", "2999-01-01"], "is yet to come"),
        (
            ["--relation", "marts.fct_orders", "--from", "2026-02-01", "--until", "2026-01-31"],
            "--until is before --from",
        ),
        (
            ["--relation", "marts.fct_orders", "--recipient", "ann@example.net"],
            "holds an e-mail address",
        ),
        (["--relation", "marts.fct_orders", "--note", "call 020 7946 0123"], "or a phone number"),
        (["--file", "gone.csv"], "gone.csv is not there"),
        (["--file", "."], "a folder"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    arguments: list[str], told: str, warehouse: Path
) -> None:
    result = cdi("open", "exposed", *arguments)
    assert result.exit_code == 1
    assert told in " ".join(result.output.split())
    assert "ann@" not in result.output
    assert "no incident" in cdi("status").output


def test_without_a_warehouse_none_is_made() -> None:
    for arguments in (
        ["open", "exposed", "--relation", "a.b"], ["status"], ["step", "inc_1", "x", "--done"],
    ):  # fmt: skip
        result = cdi(*arguments)
        assert result.exit_code == 1
        assert "cdi load" in result.output
    assert not settings.warehouse().exists()


def test_a_file_that_is_none_is_told_without_what_is_in_it(warehouse: Path, tmp_path: Path) -> None:
    file = tmp_path / "ann@example.net.parquet"
    file.write_bytes(b"PAR1 ann@example.net")
    result = cdi("open", "exposed", "--file", file)
    assert result.exit_code == 1
    assert "a .parquet file cannot be read" in result.output
    assert "ann@" not in result.output


@pytest.mark.parametrize(
    ("text", "is_impersonal"),
    [
        ("export_2026-03-01.csv", True),
        ("found on 2026-03-01 at 14:30", True),
        ("export_20260301.csv", True),
        ("ticket 4711, CVE-2026-123456", True),
        ("ann@example.net", False),
        ("+44 20 7946 0123", False),
        ("call 02079460123 now", False),
    ],
)
def test_a_text_with_an_address_or_a_number_is_personal(text: str, is_impersonal: bool) -> None:
    assert exposure.is_impersonal(text) == is_impersonal


# ---------------------------------------------------------------------------- components


def write_locks(folder: Path, pin: str = "duckdb~=1.5.5") -> None:
    (folder / "requirements.lock").write_text(
        "dbt-duckdb==1.11.1 \\\n    --hash=sha256:00\nduckdb==1.5.5 \\\n    --hash=sha256:00\n"
        'colorama==0.4.6 ; sys_platform == "win32" \\\n    --hash=sha256:00\n'
    )
    (folder / "requirements-dev.lock").write_text("duckdb==1.5.6 \\\n    --hash=sha256:00\n")
    (folder / "pyproject.toml").write_text(f'[project]\nname = "x"\ndependencies = ["{pin}"]\n')


def _with_seeds(folder: Path) -> Path:
    """A project of nothing but lock files and the seeds."""
    (folder / "dbt_project").symlink_to(settings.PROJECT / "dbt_project")
    return folder


@pytest.mark.parametrize(
    ("affected", "places"),
    [
        ("<1.5.6", {"requirements.lock": True, "requirements-dev.lock": False}),
        ("<=1.5.6", {"requirements.lock": True, "requirements-dev.lock": True}),
        (">=1.5.6,<2", {"requirements.lock": False, "requirements-dev.lock": True}),
        ("==1.4.*", {"requirements.lock": False, "requirements-dev.lock": False}),
    ],
)
def test_a_version_is_affected_or_not(
    affected: str, places: dict[str, bool], tmp_path: Path
) -> None:
    write_locks(tmp_path)
    found = components.examine("duckdb", affected, None, tmp_path)
    there = {place.where: place.is_affected for place in found.places}
    assert {where: there[where] for where in places} == places


@pytest.mark.parametrize(
    ("pin", "move"),
    [
        ("duckdb~=1.5.5", "leave duckdb~=1.5.5"),
        ("duckdb==1.5.5", "change duckdb==1.5.5"),
        ("duckdb<1.5.6", "change duckdb<1.5.6"),
        ("dlt", "does not name duckdb"),
    ],
)
def test_a_pin_that_keeps_the_mended_version_out_is_to_be_changed(
    pin: str, move: str, tmp_path: Path
) -> None:
    write_locks(tmp_path, pin)
    found = components.examine("duckdb", "<1.5.6", "1.5.6", tmp_path)
    assert move in found.moves[0]


def test_a_package_that_keeps_the_mended_version_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_locks(tmp_path)
    for name, asked in (("strict", "duckdb==1.5.5"), ("easy", "duckdb>=1.0"), ("x", "duckdb<1.5")):
        installed = tmp_path / "installed" / f"{name}-1.0.dist-info"
        installed.mkdir(parents=True)
        (installed / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\nRequires-Dist: {asked}\n")
    found = list(components.metadata.distributions(path=[str(tmp_path / "installed")]))
    monkeypatch.setattr(components.metadata, "distributions", lambda: found)
    component = components.examine("duckdb", "<1.5.6", "1.5.6", tmp_path)
    assert component.dependents == ["easy", "strict", "x"]
    assert [move for move in component.moves if "asks for" in move] == [
        "strict asks for duckdb==1.5.5: take a version of it that lets in duckdb 1.5.6, "
        "or do without it until there is one"
    ]


@pytest.mark.parametrize(
    ("package", "affected", "fixed_in", "told"),
    [
        ("duckdb", "before 1.5.6", None, "no range of versions"),
        ("duckdb", "<1.5.6", "1.5.5", "is itself among those affected"),
        ("duckdb", "<1.5.6", "next", "no version"),
        ("no-such-package-here", "<1", None, "no package no-such-package-here"),
    ],
)
def test_an_advisory_that_says_nothing_is_told(
    package: str, affected: str, fixed_in: str | None, told: str, tmp_path: Path
) -> None:
    write_locks(tmp_path)
    with pytest.raises(IncidentError, match=told):
        components.examine(package, affected, fixed_in, tmp_path)


def test_what_is_not_affected_is_no_incident(warehouse: Path) -> None:
    told = cdi("open", "component", "--package", "duckdb", "--affected", "<0.9", "--advisory", "X")
    assert told.exit_code == 0
    assert "no incident" in told.output
    status = cdi("status")
    assert (status.exit_code, status.output) == (0, "no incident is written down\n")
    assert cdi("status", "inc_1").exit_code == 1
