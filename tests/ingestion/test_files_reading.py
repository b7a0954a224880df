"""Delimited files as they are found: with nothing but their bytes, the cells of their table."""

from __future__ import annotations

import gzip
import io
import itertools
import random
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.pipeline import SourceError
from ingestion.quarantine import Rejected
from ingestion.sources.files import readers, tokens
from ingestion.sources.files.mapping import Format
from ingestion.sources.files.readers import Skipped, read
from ingestion.sources.files.tokens import Dialect, scan, tokenize


@dataclass
class Found:
    """What was read of a file: rows with their line first."""

    columns: list[str]
    rows: list[list]
    rejected: list[Rejected]
    skipped: list[Skipped]
    remarks: list[str]

    @property
    def cells(self) -> list[list[str]]:
        return [row[1:] for row in self.rows]

    @property
    def broken(self) -> list[tuple[int | None, str]]:
        return [(record.line, record.rule) for record in self.rejected]


def found_in(
    content: str | bytes, settings: Format | None = None, named: tuple[str, ...] = ()
) -> Found:
    data = content.encode() if isinstance(content, str) else content
    contents = read("f.csv", lambda: io.BytesIO(data), settings or Format(), named)
    blocks = [read_block() for read_block in contents.blocks]
    return Found(
        contents.columns,
        [list(row.values()) for block in blocks for row in block.rows.to_pylist()],
        [record for block in blocks for record in block.rejected],
        [lines for block in blocks for lines in block.skipped],
        contents.remarks,
    )


# ---------------------------------------------------------------------------- dialect

PEOPLE = [
    ["CustNo", "Contact", "Born", "Spent", "E-mail", "Note"],
    ["1001", "Lee, Ann", "31/12/1980", "1204,50", "ann@example.org", ""],
    ["1002", "Müller, Ben", "01/02/1975", "3,10", "", "called, no answer"],
    ["1003", "O'Neil, Zoë", "15/07/1990", "77,00", "zoe@example.org", 'likes "blue"; 5" pipe'],
    ["1004", "Ode, Dan", "", "0,99", "dan@example.org", "two\nlines"],
]


def written(rows: list[list[str]], dialect: Dialect, quote_all: bool, line_end: str) -> str:
    """Rows as a program would write them in a dialect."""
    special = {dialect.delimiter, '"', "'", "\n", dialect.escape} - {""}
    mark = dialect.quote

    def field(cell: str) -> str:
        if not quote_all and special.isdisjoint(cell):
            return cell
        if dialect.escape:
            cell = cell.replace(dialect.escape, dialect.escape * 2)
        return mark + cell.replace(mark, (dialect.escape or mark) + mark) + mark

    separator = dialect.delimiter + " " * dialect.padded
    return "".join(separator.join(map(field, cells)) + line_end for cells in rows)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("quote_all", [False, True], ids=["quoted where needed", "all quoted"])
@pytest.mark.parametrize("delimiter", list(",;\t|^~\x1f"))
def test_a_table_is_read_in_whatever_dialect(
    delimiter: str, quote_all: bool, line_end: str
) -> None:
    variants = [("", '"'), ("\\", '"')] + ([("", "'")] if quote_all else [])
    for (escape, quote), padded in itertools.product(variants, [False, delimiter in ",;"]):
        dialect = Dialect(delimiter, quote, escape, padded)
        found = found_in(written(PEOPLE, dialect, quote_all, line_end))
        assert found.columns == PEOPLE[0], dialect
        assert found.cells == PEOPLE[1:], dialect
        assert not found.rejected


@pytest.mark.parametrize(
    ("content", "columns", "rows"),
    [
        ("n;p\nAnn;1,5\nBen;2,5\n", ["n", "p"], [[2, "Ann", "1,5"], [3, "Ben", "2,5"]]),
        ("a\tb\n1\tx, y\n", ["a", "b"], [[2, "1", "x, y"]]),
        ("a:b:c\n1:x:2\n3:y:4\n", ["a", "b", "c"], [[2, "1", "x", "2"], [3, "3", "y", "4"]]),
        ("t\n10:15:00\n11:20:30\n", ["t"], [[2, "10:15:00"], [3, "11:20:30"]]),
        ("name\nAnn B Lee\nBen C Ode\n", ["name"], [[2, "Ann B Lee"], [3, "Ben C Ode"]]),
        (
            " x   y  z\n 1.5  2  -3\n22.0 10  4  \n",
            ["x", "y", "z"],
            [[2, "1.5", "2", "-3"], [3, "22.0", "10", "4"]],
        ),
        ("id,n\r\n1,x\r\n", ["id", "n"], [[2, "1", "x"]]),
        ("id,n\r1,x\r2,y", ["id", "n"], [[2, "1", "x"], [3, "2", "y"]]),
        ("id,n\r1,x\n2,y\r\n3,z\r", ["id", "n"], [[2, "1", "x"], [3, "2", "y"], [4, "3", "z"]]),
        ('id,n\n1,"a\rb"\n2,c\n', ["id", "n"], [[2, "1", "a\rb"], [3, "2", "c"]]),
        (
            'id\tn\n1\t"Best" of all\n2\t"open\n',
            ["id", "n"],
            [[2, "1", '"Best" of all'], [3, "2", '"open']],
        ),
        ("sep=;\nid;n\n1;a,b\n", ["id", "n"], [[3, "1", "a,b"]]),
        ("\ufeffid,n\n1,x\n", ["id", "n"], [[2, "1", "x"]]),
        ("id\n1\n2\n", ["id"], [[2, "1"], [3, "2"]]),
        ("id,n\n1,a\0b\n", ["id", "n"], [[2, "1", "a\0b"]]),
        ("", [], []),
        ("\n\n", [], []),
        ("id,n\n", ["id", "n"], []),
    ],
)
def test_the_dialect_is_found(content: str, columns: list, rows: list) -> None:
    found = found_in(content)
    assert (found.columns, found.rows, found.rejected) == (columns, rows, [])


# ---------------------------------------------------------------------------- encoding

NAMES = {
    "German": "Müller Köln Jürgen Weiß Österreich",
    "French": "Hélène Besançon forêt Noël à",
    "Spanish": "Muñoz León García Ibáñez",
    "Portuguese": "São João Conceição Évora",
    "Polish": "Łukasz Wałęsa Żółć Gdańsk Świątek",
    "Czech": "Dvořák Růžička Černý Jiří Plzeň",
    "Hungarian": "Kőszeg Erdős Szűcs Gyöngyös József",
    "Russian": "Иванов Москва Смирнов Анна",
    "Western": "Müller García São Noël Ångström",
    "signs": "£5 caf\u00e9 d\u2019Or \u2013 n°1",
    "Japanese": "東京 大阪 田中 鈴木 佐藤",
}


@pytest.mark.parametrize(
    ("encoding", "language"),
    [
        *itertools.product(["utf-8", "utf-8-sig", "utf-16", "utf-32"], ["Czech", "Russian"]),
        *itertools.product(["utf-16-le", "utf-16-be"], ["German", "Polish"]),
        *itertools.product(
            ["cp1252"], ["German", "French", "Spanish", "Portuguese", "Western", "signs"]
        ),
        *itertools.product(["cp1250", "iso8859_2", "cp852"], ["Polish", "Czech", "Hungarian"]),
        *itertools.product(["cp437", "mac_roman"], ["German", "French", "Spanish"]),
        *itertools.product(["cp1251", "koi8_r", "cp866"], ["Russian"]),
        *itertools.product(["cp932", "euc_jp"], ["Japanese"]),
    ],
)
def test_the_encoding_is_found(encoding: str, language: str) -> None:
    rows = [[str(number), word] for number, word in enumerate(NAMES[language].split() * 5)]
    text = "id,name\n" + "".join(f"{number},{word}\n" for number, word in rows)
    found = found_in(text.encode(encoding))
    assert found.columns == ["id", "name"]
    assert found.cells == rows
    assert bool(found.remarks) == (not encoding.startswith("utf"))


def test_an_encoding_that_is_a_guess_is_told_and_one_that_is_given_is_not() -> None:
    data = "id,n\n1,Zoë\n".encode("cp1252")
    assert found_in(data).remarks == ["not UTF-8, read as cp1252: format.encoding settles it"]
    given_one = found_in(data, Format(encoding="cp1252"))
    assert (given_one.remarks, given_one.cells) == ([], [["1", "Zoë"]])


def test_damaged_bytes_of_utf8_set_their_line_aside_and_garble_no_other() -> None:
    data = "id,n\n1,Zoë\n2,Größe\n".encode() + b"3,C\xff\n4,\xc3\n" + "5,é\n".encode()
    found = found_in(data)
    assert found.cells == [["1", "Zoë"], ["2", "Größe"], ["5", "é"]]
    assert found.broken == [(4, "invalid_encoding"), (5, "invalid_encoding")]
    assert [record.record for record in found.rejected] == [r"3,C\xff", r"4,\xc3"]


def test_punctuation_of_cp1252_that_became_control_characters_is_mended() -> None:
    assert found_in("id,name\n1,a \x96 b\n2,Zoë\n").cells == [["1", "a \u2013 b"], ["2", "Zoë"]]


# ---------------------------------------------------------------------------- names and notes


@pytest.mark.parametrize(
    ("content", "columns", "first_line"),
    [
        ("id,n,n,\n1,x,y,z\n", ["id", "n", "n_2", "col_3"], 2),
        ("id,n\n1,x,\n2,y,\n", ["id", "n", "col_2"], 2),
        ("id,n,\n1,x\n2,y\n", ["id", "n"], 2),
        ("1,2\n3,4\n", ["col_0", "col_1"], 1),
        ("A-1,x\nA-2,y\nA-3,z\n", ["col_0", "col_1"], 1),
        ("Country,2019,2020,2021\nPeru,7,5,9\n", ["Country", "2019", "2020", "2021"], 2),
        ("1,2,3\n4,5,6\n", ["col_0", "col_1", "col_2"], 1),
        # R writes no name above its row names.
        ('"x","y"\n"1",3,a\n"2",4,b\n', ["col_0", "x", "y"], 2),
        # Groups of columns above their names, and names below those of groups.
        (
            "North,,South,\nt,v,t,v\n1,2,3,4\n5,6,7,8\n",
            ["North t", "North v", "South t", "South v"],
            3,
        ),
        (
            "When,Cost,,Total\n,Rail,Taxi,\n01/02/2020,5,7,12\n02/02/2020,1,2,3\n",
            ["When", "Cost Rail", "Cost Taxi", "Total"],
            3,
        ),
        (
            "When,Cost,,Total\n,,,\n,Rail,Taxi,\n01/02/2020,5,7,12\n02/02/2020,1,2,3\n",
            ["When", "Cost Rail", "Cost Taxi", "Total"],
            4,
        ),
        ("T,Cp\nK,J/K\n5.0,0.4\n6.0,0.5\n", ["T K", "Cp J/K"], 3),
        # A first row that lacks a value is no row of units.
        ("T,Cp\nn/a,n/a\n5.0,0.4\n6.0,0.5\n", ["T", "Cp"], 2),
    ],
)
def test_the_names_of_columns_are_found(content: str, columns: list, first_line: int) -> None:
    found = found_in(content)
    assert found.columns[: len(columns)] == columns
    assert found.rows[0][0] == first_line
    assert not found.skipped


@pytest.mark.parametrize(
    "above",
    [
        ["Report of customers"],
        ["Report of customers", ""],
        ["Report of customers,,,", ",,,"],
        ["Made by hand, on 1 May", "for whoever, it may, concern, or not, at all"],
        [",,,", ',,"Title\nin two lines",', ",,,"],
        ["# a comment", "# another"],
    ],
)
def test_notes_above_a_table_are_no_records_and_are_told(above: list[str]) -> None:
    table = ["id,name,city,since", "1,Ann,Bern,2020-01-02", "2,Ben,Rome,2021-02-03"]
    text = "\n".join([*above, *table]) + "\n"
    found = found_in(text)
    assert found.columns == ["id", "name", "city", "since"]
    assert found.cells == [line.split(",") for line in table[1:]]
    [skipped] = found.skipped
    above_names = text[: text.index(table[0])].splitlines()
    first = next(number for number, line in enumerate(above_names, 1) if line.strip(","))
    assert skipped == Skipped(first, len(above_names), "above the table")


def test_notes_below_a_table_are_no_records_and_are_told() -> None:
    table = "id,name,since\n1,Ann,2020\n2,Ben,2021\n"
    found = found_in(table + '\nSource: our files\n"* of 2020, or 2021"\n\n')
    assert found.cells == [["1", "Ann", "2020"], ["2", "Ben", "2021"]]
    assert found.skipped == [Skipped(5, 6, "below the table")]
    assert not found.rejected


@pytest.mark.parametrize(
    "below",
    [
        "Total,,4041\n",  # a row like any other, for all that can be seen
        "\nTotal,,4041\n",
        "\n,,4041\n",
    ],
)
def test_a_row_as_wide_as_the_table_is_a_record_wherever_it_stands(below: str) -> None:
    found = found_in("id,name,since\n1,Ann,2020\n2,Ben,2021\n" + below)
    assert found.cells[-1][2] == "4041"
    assert not found.skipped


def test_a_line_cut_off_at_the_end_of_a_file_is_set_aside_not_taken_for_a_note() -> None:
    found = found_in("id,name,since\n1,Ann,2020\n2,Be")
    assert found.broken == [(3, "wrong_number_of_fields")]
    assert not found.skipped


def test_a_blank_line_within_a_field_does_not_make_its_rest_a_note() -> None:
    found = found_in('id,name,note\n1,Ann,x\n2,Ben,"one\n\ntwo"\n')
    assert found.cells == [["1", "Ann", "x"], ["2", "Ben", "one\n\ntwo"]]
    assert not found.skipped


def test_names_given_again_and_the_titles_above_them_are_no_records() -> None:
    found = found_in(
        "Region North,,\n,,\nid,name,since\n1,Ann,2020\n2,Ben,2021\n,,\n"
        "Region South,,\n,,\nid,name,since\n3,Cy,2022\nid,name,since\n4,,\n"
    )
    assert [row[1] for row in found.rows if row[1]] == ["1", "2", "3", "4"]
    assert found.skipped == [
        Skipped(1, 2, "above the table"),
        Skipped(7, 9, "names given again"),
        Skipped(11, 11, "names given again"),
    ]


def test_a_sparse_row_above_names_given_again_is_a_record_unless_a_blank_line_is_above_it() -> None:
    found = found_in("id,name,since\n1,Ann,2020\n2,,\nid,name,since\n3,Cy,2022\n")
    assert found.cells == [["1", "Ann", "2020"], ["2", "", ""], ["3", "Cy", "2022"]]


def test_several_tables_in_a_file_fail_it_and_say_where() -> None:
    people = "id,name,since\n" + "".join(f"{number},Ann,2020\n" for number in range(9))
    orders = "order,paid,item,count,at\n" + "".join(f"{n},9.5,Pen,1,2020-01-02\n" for n in range(9))
    with pytest.raises(SourceError, match="one of 5 columns, and from line 1 one of 3; split it"):
        found_in(people + "\n" + orders)


def test_a_named_column_decides_where_the_names_are() -> None:
    text = "alpha,beta\nx,y\ngamma,delta\nu,v\n"
    assert found_in(text).columns == ["alpha", "beta"]
    assert found_in(text, named=("gamma",)).columns == ["gamma", "delta"]
    groups = "When,Cost,,\n,Rail,Taxi,Bus\n01/02/2020,5,7,1\n02/02/2020,1,2,3\n"
    assert found_in(groups, named=("When", "Cost Rail")).columns[1] == "Cost Rail"


NOISE = random.Random(1).randbytes(20_000)


def test_a_name_holds_nothing_a_terminal_would_obey() -> None:
    found = found_in('id,\x1b[31mred\x1b[0m,"two\nlines","two lines"\n1,2,3,4\n5,6,7,8\n')
    assert found.columns == ["id", "[31mred [0m", "two lines", "two lines_2"]
    assert found.cells == [["1", "2", "3", "4"], ["5", "6", "7", "8"]]


@pytest.mark.parametrize(
    "content",
    [NOISE, gzip.compress(NOISE), b"\x00" * 500],
    ids=["noise", "packed", "nothing"],
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"f\.csv is no text"):
        found_in(content)


def test_names_of_wrong_bytes_are_names() -> None:
    found = found_in(gzip.compress(b"id,name\n" * 5_000))
    assert not any(map(readers.CONTROL.search, found.columns))


def test_a_stray_byte_makes_no_other_type_of_a_file() -> None:
    found = found_in("id,name\n" + "".join(f"{n},Ann \x01 Lee of the Hill\n" for n in range(50)))
    assert len(found.cells) + len(found.rejected) == 50


# ---------------------------------------------------------------------------- ragged rows


def test_fields_missing_at_the_end_are_empty_where_that_is_the_habit_of_the_file() -> None:
    found = found_in("id,name,since,note\n1,Ann,2020,x\n2,Ben,2021\n3,Cy\n4,Dan,2022,y\n5,,2023\n")
    assert found.columns == ["id", "name", "since", "note"]
    assert found.cells == [
        ["1", "Ann", "2020", "x"],
        ["2", "Ben", "2021", ""],
        ["3", "Cy", "", ""],
        ["4", "Dan", "2022", "y"],
        ["5", "", "2023", ""],
    ]


def test_empty_fields_too_many_are_dropped_where_that_is_the_habit_of_the_file() -> None:
    rows = ["1,Ann,2020", "2,Ben,2021,,", "3,Cy,2022", "4,Dan,2023,", "5,E,2024,x", "6,F,2025,,,"]
    found = found_in("\n".join(["id,name,since", *rows, *["7,G,2026"] * 9]) + "\n")
    assert [row[1] for row in found.rows] == ["1", "2", "3", "4", "6", *["7"] * 9]
    assert found.broken == [(6, "wrong_number_of_fields")]


@pytest.mark.parametrize(
    "rows",
    [
        # One short row among many is no habit.
        ["1,Ann,2020", "2,Ben,2021", "3,Cy", *(f"{number},Dan,2022" for number in range(4, 30))],
        # Pieces of lines that were broken do not fit their columns.
        ["1,Ann,2020", "2,Ben", "the Great,2021", "3,Cy", "the Small,2022", "4,Dan,2023"],
        # Nor does a row where a field in the middle is missing.
        ["1,Ann,2020,x", "2,2021,x", "3,2022,y", "4,Dan,2023,z", "5,Eve,2024,z"],
        # Where all is text, nothing tells what is missing.
        ["a,Ann,x", "b,Ben", "c,Cy", "d,Dan,y", "e,Eve,z"],
    ],
    ids=["once", "broken lines", "field missing", "text only"],
)
def test_short_rows_are_set_aside_where_it_is_not_clear_what_they_lack(rows: list[str]) -> None:
    width = max(row.count(",") for row in rows)
    names = ["id", "name", "since", "note"][: width + 1]
    found = found_in("\n".join([",".join(names), *rows]) + "\n", Format(header=True))
    assert found.cells == [row.split(",") for row in rows if row.count(",") == width]
    assert len(found.rejected) == len(rows) - len(found.rows)
    assert {record.rule for record in found.rejected} == {"wrong_number_of_fields"}


def test_a_short_row_that_does_not_fit_is_set_aside_however_ragged_the_file() -> None:
    rows = [f"{number},Ann,2020" + ",x" * (number % 2) for number in range(1, 1200)]
    rows[1100] = "not a number,Ann"
    found = found_in("\n".join(["id,name,since,note", *rows]) + "\n")
    assert found.broken == [(1102, "wrong_number_of_fields")]
    assert len(found.rows) == len(rows) - 1


# ---------------------------------------------------------------------------- taking text apart


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ('a,b\n1,"x ""y"" z"\r\n2,\n"3\n\n4",5\n,\n\n6,"7,8"\n8,9,10\n', [1, 1, 1, 1, 1, 1, 1, 1]),
        ('1,"open\n2,b\n3,"c"\n', [0, 1, 1]),
        ('1,5" pipe\n2,"six ""6"""\n', [0, 1]),
        ('"a"b,c\n1,2\n', [0, 1]),
        ("a\rb,c\n1,2\n", [0, 1]),
        ("1,2\n", [1]),
        ("", []),
    ],
)
def test_lines_that_need_care_are_told_from_simple_ones(text: str, simple: list[int]) -> None:
    assert scan(text.encode(), Dialect()).simple.tolist() == simple


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.sampled_from(["a", "1", ",", '"', '""', '","', "\n", "\r\n", "\r", "é", " "])),
    st.integers(6, 60),
)
def test_blocks_read_by_vectors_give_what_is_read_record_by_record(
    parts: list[str], size: int
) -> None:
    text = "x,y\n1,2\n" + "".join(parts) + "\n1,2\n"
    given_format = Format(delimiter=",", quote='"', header=1)
    expected = [
        (line.number, line.fields)
        for line in tokenize(text, Dialect(), at_end=True)
        if line.fields is None or any(cell.strip() for cell in line.fields)
    ]
    rows = [[number, *fields] for number, fields in expected if fields and len(fields) == 2]
    rows = [row for row in rows[1:] if row[1:] != ["x", "y"]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readers, "BLOCK_BYTES", size)
        patch.setattr(readers, "SAMPLE_BYTES", 4)
        patch.setattr(readers, "NOTE_BYTES", 0)
        # What would be mended, is not: only how the text is taken apart is compared.
        patch.setattr(readers, "_without_footnotes", lambda data, *_: (_ended(data), []))
        patch.setattr(readers, "consistency", lambda *_: 0)
        found = found_in(text, given_format)
    if "\r" in text.replace("\r\n", "") and 2 * text.count("\n") < len(text.splitlines()):
        return
    assert sorted(row for row in found.rows if row[1].strip() or row[2].strip()) == rows
    lines = [line for line, _ in found.broken]
    assert sorted(lines) == [n for n, fields in expected if not fields or len(fields) != 2]


def _ended(data: bytes) -> bytes:
    return data if not data or data.endswith(b"\n") else data + b"\n"


def test_lines_are_counted_through_quoted_newlines_and_blank_lines() -> None:
    found = found_in('id,n\n1,"a\n\nb"\n\n2,x,y\n3,z\n')
    assert [row[0] for row in found.rows] == [2, 7]
    assert [(record.line, record.record) for record in found.rejected] == [(6, "2,x,y")]


def test_an_unclosed_quote_breaks_its_line_and_swallows_no_other() -> None:
    rows = [f"{number},x" for number in range(2, 3000)]
    found = found_in("\n".join(["id,n", '1,"open', *rows]) + "\n")
    assert [row[1:] for row in found.rows] == [row.split(",") for row in rows]
    assert found.broken == [(2, "broken_quotes")]


@pytest.mark.parametrize("quoted", [True, False])
def test_a_record_that_is_too_long_is_one_broken_record(
    quoted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "MAX_RECORD", 1000)
    monkeypatch.setattr(tokens, "MAX_RECORD", 1000)
    line = "2," + '"' * quoted + "x" * 5000
    found = found_in(f"id,n\n1,a\n{line}\n3,c\n", Format(delimiter=",", quote='"'))
    assert [row[0] for row in found.rows] == [2, 4]
    rule = "broken_quotes" if quoted else "oversize_record"
    [record] = found.rejected
    assert (record.line, record.rule, record.record) == (3, rule, line)


@pytest.mark.parametrize("size", range(6, 40))
def test_records_do_not_depend_on_where_a_chunk_ends(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = 'id,n\n1,"a\nb"\r\n2,"c ""d"""\n3,é\n4,"open\n5,f\n6,x,y\n\nSource: all, of, us\n'
    whole = found_in(text)
    monkeypatch.setattr(readers, "BLOCK_BYTES", size)
    monkeypatch.setattr(readers, "SAMPLE_BYTES", 6)
    parts = found_in(text, Format(delimiter=",", quote='"', header=True))
    assert parts == whole
    assert [row[0] for row in whole.rows] == [2, 4, 5, 7]
    assert whole.broken == [(6, "broken_quotes"), (8, "wrong_number_of_fields")]
    assert whole.skipped == [Skipped(10, 10, "below the table")]
