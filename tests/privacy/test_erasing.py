"""How people are found in values and bytes, and what becomes of files that name them."""

from __future__ import annotations

import base64
import hashlib
import stat
from pathlib import Path
from urllib.parse import quote

import duckdb
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from ingestion import settings
from ingestion.pipeline import declare_everything
from scripts.cli import app
from scripts.privacy import erase, finder
from scripts.privacy.finder import Finder
from scripts.privacy.holdings import TableOf, has_owner, tells_whose

ANN = "ann@lee.example"
ZOE = "Zoë Müller-Ek"


@pytest.mark.parametrize("before", ["", "x", "xy", "mail=", "\n"])
@pytest.mark.parametrize("after", ["", ";", "\0", " and more"])
def test_an_identifier_is_found_in_base64_wherever_it_begins(before: str, after: str) -> None:
    encoded = base64.b64encode(f"{before}{ANN}{after}".encode())
    assert Finder([ANN]).in_bytes(b"data:" + encoded + b"...") == {0}


@pytest.mark.parametrize(
    "content",
    [
        b"to ann@lee.example.",
        b"ANN@Lee.Example",
        quote(ANN, safe="").encode(),
        ANN.encode("utf-16-le"),
        ANN.encode().hex().encode(),
        hashlib.md5(ANN.encode()).hexdigest().encode(),
        hashlib.sha1(ANN.encode()).hexdigest().upper().encode(),
        hashlib.sha256(ANN.encode()).hexdigest().encode(),
        ZOE.encode(),
        ZOE.upper().encode(),
        b"Zo\\u00eb M\\u00fcller-Ek",
    ],
)
def test_an_identifier_is_found_plain_and_encoded(content: bytes) -> None:
    assert len(Finder([ANN, ZOE]).in_bytes(b"before " + content + b" after")) == 1


@pytest.mark.parametrize(
    "content", [b"", b"ann@lee.exampl", b"an n@lee.example", b"nn@lee.example"]
)
def test_what_is_not_an_identifier_is_not_found(content: bytes) -> None:
    assert Finder([ANN]).in_bytes(content) == set()


def test_short_identifiers_are_not_looked_for_inside_of_text() -> None:
    assert Finder(["12345"]).identifiers == []
    assert Finder(["12345"]).in_bytes(b"12345") == set()
    assert Finder(["123456"]).identifiers == ["123456"]


def test_an_identifier_across_two_chunks_of_a_file_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finder, "CHUNK", 16)
    for shift in range(40):
        file = tmp_path / "file"
        file.write_bytes(b"." * shift + ANN.encode() + b"." * 7)
        assert Finder([ANN]).in_file(file) == {0}, shift


def test_a_number_that_values_side_by_side_make_up_is_nobodys() -> None:
    looking = Finder(["101057301", ANN])
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.execute("create table t as select unnest(['x101', '057301x', 'x101']) as v")
    assert looking.in_file(settings.warehouse()) == {0}
    assert erase.prove(looking)["values"] == 3
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.execute("insert into t values ('101057301')")
    with pytest.raises(erase.NotProvedError, match=r"main\.t\.v"):
        erase.prove(looking)


@pytest.mark.parametrize("kind", ["double", "decimal(18, 4)", "bigint", "varchar", "json"])
def test_a_number_is_found_whatever_its_type(kind: str) -> None:
    with duckdb.connect(str(settings.warehouse())) as connection:
        connection.execute(f"create table t as select cast(46701740605 as {kind}) as v")
    with pytest.raises(erase.NotProvedError, match=r"main\.t\.v"):
        erase.prove(Finder(["46701740605"]))


def test_values_that_only_contain_it_are_told_from_those_that_have_it() -> None:
    values = pa.array(["x", ANN, None, "jo" + ANN, f"<{ANN}>", ANN + "s", "ann@lee", ".example"])
    found = [(hit.row, hit.is_whole) for _, hit in Finder([ANN]).in_values(values)]
    assert found == [(1, True), (3, False), (4, True), (5, False)]
    sliced = [hit.row for _, hit in Finder([ANN]).in_values(values.slice(4))]
    assert sliced == [0, 1]
    chunked = pa.chunked_array([["x", ANN], [None], [ANN]])
    assert [hit.row for _, hit in Finder([ANN]).in_values(chunked)] == [1, 3]


def test_a_mark_takes_the_place_of_what_is_erased() -> None:
    looking = Finder([ANN])
    text = f"é {ANN}, {ANN.upper()} or jo{ANN}"
    places = [(h.start, h.end) for _, h in looking.in_values(pa.array([text])) if h.is_whole]
    mended = looking.without(text, places)
    assert mended.startswith("é erased:") and mended.endswith(f" or jo{ANN}")
    assert mended.count("erased:") == 2
    overlapping = looking.without("files:crm:7 and more", [(0, 11), (6, 11)])
    assert overlapping == looking.without("files:crm:7 and more", [(0, 11)])
    assert overlapping.startswith("erased:") and overlapping.endswith(" and more")
    assert looking.without(ANN, [(0, len(ANN))]) == looking.without(ANN, [(0, len(ANN))] * 2)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("customer_id", True),
        ("record_key", True),
        ("order_key", True),
        ("cluster_key", False),
        ("founding_record_key", False),
        ("evidence_other_record_key", False),
        ("email", False),
    ],
)
def test_which_columns_say_whose_a_row_is(column: str, expected: bool) -> None:
    assert tells_whose(column) is expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["full_name", "name_key"], False),
        (["raw_email", "email", "email_key"], False),
        (["order_line_key", "amount"], True),
        (["record_number", "other_record_number"], True),
        (["source", "record_key"], True),
    ],
)
def test_lists_of_values_are_told_from_what_is_somebodys(
    columns: list[str], expected: bool
) -> None:
    assert has_owner(TableOf("intermediate", "t", dict.fromkeys(columns, "VARCHAR"))) is expected


def test_lines_that_name_somebody_are_taken_out_of_a_list(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f'id,mail\n1,bo@ek.example\n2,"{ANN}"\n3,jo@oz.example\n')
    file.chmod(0o640)
    erase.forget_lines(file, Finder([ANN]))
    assert file.read_text() == "id,mail\n1,bo@ek.example\n3,jo@oz.example\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_signature_tells_a_changed_receipt() -> None:
    receipt = {"request_id": "1", "rows_removed": {"marts": 3}}
    receipt["signature"] = erase.signature(receipt)
    assert erase.signature(receipt) == receipt["signature"]
    assert erase.signature(receipt | {"rows_removed": {"marts": 4}}) != receipt["signature"]


def test_people_are_not_looked_for_before_there_is_who_is_who(tmp_path: Path) -> None:
    def asked(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["privacy", "erase", *arguments])
        return result.exit_code, result.output

    code, said = asked(ANN)
    assert (code, "no warehouse" in said) == (1, True)
    declare_everything()
    code, said = asked(ANN)
    assert (code, "cdi build" in said, ANN in said) == (1, True, False)
    code, said = asked()
    assert (code, "at least one person" in said) == (1, True)
