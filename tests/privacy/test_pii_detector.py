"""The detector of undeclared personal data, on planted warehouses and on odd ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from ingestion.contracts import PiiClass
from scripts.pii import detector
from scripts.pii.detector import Suspect, detect
from tests.privacy import planted

Detect = Callable[..., dict[str, list[Suspect]]]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture
def found(connection: duckdb.DuckDBPyConnection) -> Detect:
    """Looks at every column of a table and gives what is found, by column."""

    def look(table: str = "t", sample: int = 1000) -> dict[str, list[Suspect]]:
        names = connection.execute(
            "select column_name from duckdb_columns() where table_name = ? order by column_index",
            [table],
        ).fetchall()
        by_column: dict[str, list[Suspect]] = {}
        for suspect in detect(connection, [("main", table, name) for (name,) in names], sample):
            by_column.setdefault(suspect.column, []).append(suspect)
        return by_column

    return look


def kinds(suspects: dict[str, list[Suspect]]) -> dict[str, list[str]]:
    return {column: [suspect.kind for suspect in of] for column, of in suspects.items()}


@pytest.mark.parametrize(
    ("columns", "seed"),
    [
        (planted.first_set, 1),
        (planted.first_set, 2),
        (planted.second_set, 11),
        (planted.third_set, 21),
    ],
    ids=["first set", "first set anew", "second set", "third set"],
)
def test_planted_columns_are_told_from_others(
    connection: duckdb.DuckDBPyConnection,
    columns: Callable[[], list[planted.Column]],
    seed: int,
) -> None:
    known = columns()
    planted.build(connection, known, seed)
    by_column: dict[tuple[str, str], list[Suspect]] = {}
    for suspect in detect(connection, [("planted", c.table, c.name) for c in known]):
        by_column.setdefault((suspect.table, suspect.column), []).append(suspect)
    table, right, flagged = [], 0, 0
    for column in known:
        suspects = by_column.get((column.table, column.name), [])
        flagged += bool(suspects)
        right += bool(suspects and column.kinds)
        told = ", ".join(f"{s.kind} ({s.evidence})" for s in suspects) or "-"
        if bool(suspects) != bool(column.kinds) or (
            suspects and suspects[0].kind not in column.kinds
        ):
            expected = " or ".join(column.kinds) or "-"
            table.append(f"{column.table}.{column.name}: {expected}, found {told}")
    precision, recall = right / flagged, right / sum(bool(c.kinds) for c in known)
    misses = "\n".join(table)
    assert precision >= 0.95 and recall >= 0.95, f"{precision:.3f}, {recall:.3f}\n{misses}"
    assert len(table) <= 0.05 * len(known), misses


def test_no_value_is_told(connection: duckdb.DuckDBPyConnection, found: Detect) -> None:
    connection.execute(
        """
        create table t as
        select
            'canary' || i || '@canary.example' as c1,
            '{"canary' || i || '@canary.example": {"canary_' || i || '": "+1 415 555 01' || 10 + i
                || '"}}' as c2,
            ['canary' || i || '@canary.example'] as c3,
            'Ask canary' || i || '@canary.example' as c4,
            '{"canary_' || i || '": {"email": "canary' || i || '@canary.example"}}' as c5
        from range(50) as rows (i)
        """
    )
    suspects = found()
    assert set(suspects) == {"c1", "c2", "c3", "c4", "c5"}
    for suspect in (suspect for of in suspects.values() for suspect in of):
        assert "canary" not in repr(suspect)
        said = r"(name( of a key)?)?(, )?([<0-9]+ % of [0-9,]+ sampled values( of a key)?)?"
        assert re.fullmatch(said, suspect.evidence) and suspect.evidence
        assert suspect.share is None or 0 < suspect.share <= 1


def test_values_of_every_shape_are_looked_at(connection: duckdb.DuckDBPyConnection) -> None:
    """None makes a macro fail: an error would tell the value."""
    odd = [
        "", " ", "\x00", "{", "[1,", '{"a":}', "'", '"', "\\", "%", "é" * 5000, "0" * 400, "-",
        "\u00b2\u00b3", "\u0660\u0661\u0662", "\U0001d7ce" * 11, "9" * 19, "1e400", "NaN",
        "+" + "1" * 30, "00000000T", "A" * 34, "DE00" + "Z" * 30, "{}", "[]", "null", "\ufeff",
    ]  # fmt: skip
    connection.execute("create table t (v varchar)")
    connection.executemany("insert into t values (?)", [(value,) for value in odd])
    assert detect(connection, [("main", "t", "v")]) == []


@pytest.mark.parametrize("rows", ["select 1 where false", "select null from range(100)"])
def test_without_values_the_name_alone_tells(
    connection: duckdb.DuckDBPyConnection, found: Detect, rows: str
) -> None:
    connection.execute(
        "create table t (email varchar, name varchar, c1 varchar, dob date, phone_count bigint, "
        "is_email boolean, email_hash varchar, docs json, customer varchar)"
    )
    connection.execute(f"insert into t (c1) {rows}")
    suspects = found()
    assert kinds(suspects) == {
        "email": ["email"], "name": ["person_name"], "dob": ["birth_date"]
    }  # fmt: skip
    assert all((of[0].evidence, of[0].share) == ("name", None) for of in suspects.values())


def test_a_name_is_not_believed_against_its_values(
    connection: duckdb.DuckDBPyConnection, found: Detect
) -> None:
    connection.execute(
        """
        create table t as
        select
            md5(i::varchar) as email,
            '#' || i as name,
            i % 2 = 0 as phone,
            'cus_' || i as customer,
            i as mail
        from range(100) as rows (i)
        """
    )
    assert found() == {}


def test_names_with_quotes_and_other_signs(
    connection: duckdb.DuckDBPyConnection, found: Detect
) -> None:
    names = ['a"b', "it's", "{x}", "select", "ünï cödé", "a.b", "%s", "$1", "-- c", " "]
    columns = ", ".join(f"'p' || i || '@mail.example' as {detector.quoted(name)}" for name in names)
    connection.execute(f'create table "t""" as select {columns} from range(9) r(i)')
    assert kinds(found('t"')) == {name: ["email"] for name in names}


def test_views_are_looked_into(connection: duckdb.DuckDBPyConnection, found: Detect) -> None:
    connection.execute(
        "create table held as select 'p' || i || '@mail.example' as c1 from range(99) r(i)"
    )
    connection.execute("create view t as select c1, length(c1) as c2 from held")
    assert kinds(found()) == {"c1": ["email"]}


def test_columns_and_tables_that_are_not_there_are_nothing(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("create table t (email varchar)")
    assert detect(connection, []) == []
    assert detect(connection, [("main", "t", "none"), ("main", "none", "email")]) == []


def test_a_rare_document_of_a_large_table_is_seen(
    connection: duckdb.DuckDBPyConnection, found: Detect
) -> None:
    """One in two thousand has the key, and the table is larger than what is looked at."""
    connection.execute(
        """
        create table t as
        select
            case
                when hash(i) % 2000 = 0 then '{"extra": {"v": "p' || i || '@mail.example"}}'
                else '{"n": ' || i || '}'
            end as doc
        from range(300000) as rows (i)
        """
    )
    assert kinds(found()) == {"doc": ["email"]}


def test_documents_are_taken_apart(connection: duckdb.DuckDBPyConnection, found: Detect) -> None:
    """Keys have names, and may be values."""
    connection.execute(
        """
        create table t as
        select
            '{"a": [{"dateOfBirth": "19' || 30 + i || '-01-01"}]}' as named,
            map {'p' || i || '@mail.example': i} as keyed,
            '{"a": [{"opened": "19' || 30 + i || '-01-01"}]}' as other
        from range(60) as rows (i)
        """
    )
    assert kinds(found()) == {"named": ["birth_date"], "keyed": ["email"]}


def test_a_large_table_is_not_read_whole(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create table t as select i, 'v' || i as c1 from range(1000000) rows (i)")
    with connection.cursor() as cursor:
        detector._prepare(cursor)
        table = detector._Table(cursor, "main", "t", ["c1"])
        pool = f"select count(*) from {detector._pool(table, 20_000)}"
        read = cursor.execute(pool).fetchone()
    assert read and 10_000 < read[0] < 40_000


def test_it_finds_the_same_again(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create table t as select case when hash(i) % 7 = 0 then 'p' || i || '@mail.example' "
        "else 'no ' || i end as c1 from range(200000) rows (i)"
    )
    looks = []
    for threads in (1, 4, 4):
        connection.execute(f"set threads = {threads}")
        looks.append(detect(connection, [("main", "t", "c1")], sample=200))
    assert looks[0] and looks[0] == looks[1] == looks[2]


def test_a_read_only_database_is_left_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "held.duckdb"
    with duckdb.connect(str(file)) as writing:
        writing.execute("create table t as select 'p' || i || '@x.example' as c from range(9) r(i)")
    before = file.read_bytes()
    with duckdb.connect(str(file), read_only=True) as reading:
        assert [s.kind for s in detect(reading, [("main", "t", "c")])] == ["email"]
        left = "select count(*) from duckdb_functions() where function_name like 'pii_%'"
        assert reading.execute(left).fetchone() == (0,)
    assert file.read_bytes() == before


CHECKED = {
    "iban": (["DE89370400440532013000", "gb82 west 1234 5698 7654 32"], ["DE89370400440532013001"]),
    "credit_card": (["4111111111111111", "3782 822463 10005"],
                    ["4111111111111112", "9111111111111111"]),
    "us_ssn": (["123-45-6789"], ["000-45-6789", "666-45-6789", "923-45-6789", "123-00-6789"]),
    "es_dni": (["12345678Z", "X1234567L"], ["12345678A"]),
    "it_codice_fiscale": (["RSSMRA85T10A562S"], ["RSSMRA85T10A562T"]),
    "fr_nir": (["2 55 08 14 168 025 38", "255081416802538"], ["255081416802539"]),
    "nl_bsn": (["111222333"], ["111222334"]),
    "br_cpf": (["529.982.247-25", "52998224725"], ["529.982.247-26"]),
    "gb_nino": (["AB 12 34 56 C"], ["GB 12 34 56 C", "AB 12 34 56 E"]),
    "pl_pesel": (["44051401359"], ["44051401358", "44991401359"]),
    "se_personnummer": (["811228-9874", "19811228-9874"], ["811228-9875"]),
    "fi_hetu": (["131052-308T"], ["131052-308U"]),
    "be_register": (["85.07.30-033.28", "85073003328"], ["85.07.30-033.29"]),
    "de_tax_id": (["86095742719"], ["86095742718"]),
    "ch_ahv": (["756.9217.0769.85"], ["756.9217.0769.84"]),
    "cn_resident": (["11010519491231002X"], ["110105194912310021"]),
    "tr_tckn": (["10000000146"], ["10000000147"]),
    "pt_nif": (["123456789"], ["123456788"]),
    "imei": (["352099001761481"], ["352099001761482"]),
    "mx_curp": (["HEGG560427MVZRRL04"], ["HEGG561327MVZRRL04"]),
    "ip_address": (["203.0.113.9", "2001:db8::8a2e:370:7334"],
                   ["1.2.3.4", "300.1.1.1", "12:30:45"]),
    "email": (["a.b+c@mail.example", "Ann Lee <ann@mail.example>"],
              ["logo@2x.png", "pkg@1.2.3", "@handle", "info@mail.example"]),
    "phone_international": (["+49 171 1234567", "0044 20 7946 0958"], ["+1", "0.00441234567"]),
    "phone_national": (["(212) 555-0123", "06 12 34 56 78"], ["2024-01-02", "12-34-56", "123456"]),
    "secret": (["https://me:pass@host.example"], ["https://host.example/a:b@c"]),
}  # fmt: skip


@pytest.mark.parametrize("test", CHECKED)
def test_what_is_checked_is_checked(connection: duckdb.DuckDBPyConnection, test: str) -> None:
    """Numbers are those that documents of the schemes give as examples."""
    right, wrong = CHECKED[test]
    detector._prepare(connection)
    for value, expected in [(v, True) for v in right] + [(v, False) for v in wrong]:
        got = connection.execute(f"select pii_is_{test}($1)", [value]).fetchone()
        assert got == (expected,), value


def test_every_kind_has_a_class_and_a_macro(connection: duckdb.DuckDBPyConnection) -> None:
    known = detector._kinds()
    assert {kind.pii for kind in known.values()} <= set(PiiClass.__args__) - {"none"}
    assert {test.kind for test in detector._tests()} <= set(known)
    assert {row["kind"] for row in detector._rows("names") + detector._rows("attributes")} <= set(
        known
    )
    assert {row["role"] for row in detector._rows("words")} == {
        "else", "date", "subject", "person", "version"
    }  # fmt: skip
