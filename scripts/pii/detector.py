"""Finds columns that look like personal data, by their names and by a sample of their values.

A table is measured by one query. It reads a pool of the table's rows: all of a small one, of a
large one stretches of neighbouring rows at even distances, which are the same at every run and
spare reading the rest. Of a column's different values in the pool those with the least hashes are
the sample. Documents are taken apart: every key is a column of its own, with a sample of its own,
so that a key that few documents have is seen as well. Views have no rows to skip to: a reservoir
is drawn from them.

Values never leave the database: what comes back of a column is how many of its values are what.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, get_args

import duckdb

from ingestion.contracts import PiiClass
from ingestion.settings import PROJECT

# Rows of a table that are looked at for every value of the sample, and how many neighbours of them
# are read together.
POOL = 20
STRETCH = 128
# Documents that are taken apart for every value of the sample, keys of a column that are told
# apart, and how much of a value is looked at.
DOCUMENTS = 5
KEYS = 300
LENGTH = 2000
# Values that have to be what the name says, where there are any.
BORNE_OUT = 0.5
# Fewer values than this say nothing of dates and names by themselves.
TELLING = 8
PERSONAL = {"person_name", "email", "phone", "birth_date"}
DATES = {"DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_S", "TIMESTAMP_MS"}
NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL.*|DOUBLE|FLOAT")
SEEDS = PROJECT / "dbt_project" / "seeds"


@dataclass(frozen=True)
class Suspect:
    """A column that looks like personal data.

    Args:
        schema: its schema.
        table: its table.
        column: its name.
        kind: what it seems to hold, of `data/kinds.csv`.
        pii: the class it should have at least.
        evidence: what tells so; never a value.
        share: how many of the sampled values are such, None where the name alone tells.
    """

    schema: str
    table: str
    column: str
    kind: str
    pii: PiiClass
    evidence: str
    share: float | None


def detect(
    connection: duckdb.DuckDBPyConnection,
    columns: Iterable[tuple[str, str, str]],
    sample: int = 1000,
) -> list[Suspect]:
    """Looks for personal data in columns.

    Args:
        connection: of a database, which may be read-only. Nothing is written to it.
        columns: schema, table and name of each column to look at.
        sample: how many different values are looked at, of a column or a key of its documents.

    Returns:
        What each column seems to hold, in the order of the columns.
    """
    asked: dict[tuple[str, str], list[str]] = {}
    for schema, table, column in columns:
        asked.setdefault((schema, table), []).append(column)
    if not asked:
        return []
    with connection.cursor() as cursor:
        _prepare(cursor)
        return [
            suspect
            for (schema, table), names in asked.items()
            for suspect in _table_suspects(_Table(cursor, schema, table), names, sample)
        ]


@dataclass(frozen=True)
class _Kind:
    """A kind of personal data, as `data/kinds.csv` has it."""

    name: str
    pii: PiiClass
    types: frozenset[str]
    is_contextual: bool
    is_of_subject: bool


@dataclass(frozen=True)
class _Test:
    """A macro `pii_is_…`, with the share of values from which on it tells."""

    name: str
    kind: str
    least: float
    least_inside: float | None


@dataclass(frozen=True)
class _Named:
    """What a name says.

    Args:
        kind: what it is the name of.
        is_vague: whether it means other things as well: `name`.
    """

    kind: str
    is_vague: bool


@dataclass(frozen=True)
class _Finding:
    kind: str
    evidence: str
    share: float | None
    weight: float


class _Table:
    """A table or view, and what its columns are."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, schema: str, table: str) -> None:
        self.cursor, self.schema, self.name = cursor, schema, table
        self.sql = f"{_quoted(schema)}.{_quoted(table)}"
        self.types: dict[str, str] = dict(
            cursor.execute(
                "select column_name, data_type from duckdb_columns() "
                "where schema_name = ? and table_name = ? and database_name = current_database() "
                "order by column_index",
                [schema, table],
            ).fetchall()
        )
        self.roles = _roles(_words(table))

    @cached_property
    def pool(self) -> str:
        """A condition of the rows to look at, of a table; a sample clause, of a view."""
        found = self.cursor.execute(
            "select 1 from duckdb_tables() where schema_name = ? and table_name = ? "
            "and database_name = current_database()",
            [self.schema, self.name],
        ).fetchone()
        return "table" if found else "view"

    @cached_property
    def is_personal(self) -> bool:
        """Whether it tells of people: so its name says, or those of its columns."""
        if "person" in self.roles:
            return True
        if "subject" in self.roles:
            return False
        named = [_named(_words(name), name) for name in self.types]
        return any(n and n.kind in PERSONAL and not n.is_vague for n in named)


def _table_suspects(table: _Table, names: list[str], sample: int) -> Iterator[Suspect]:
    known = [name for name in names if table.types.get(name, "BOOLEAN") != "BOOLEAN"]
    measured: dict[str, list[dict[str, Any]]] = {name: [] for name in known}
    for leaf in _measured(table, known, sample):
        measured[known[leaf["position"]]].append(leaf)
    for name in known:
        findings: dict[str, _Finding] = {}
        for finding in _column_findings(table, name, measured[name]):
            held = findings.get(finding.kind)
            if held is None or finding.weight > held.weight:
                findings[finding.kind] = finding
        for finding in sorted(findings.values(), key=lambda found: -found.weight):
            yield Suspect(
                table.schema, table.name, name, finding.kind, _kinds()[finding.kind].pii,
                finding.evidence, finding.share,
            )  # fmt: skip


def _column_findings(
    table: _Table, name: str, leaves: list[dict[str, Any]]
) -> Iterator[_Finding]:
    words = _words(name)
    type_ = _type_of(table.types[name])
    if not leaves:
        yield from _by_name_alone(table, words, name, type_)
    is_personal = table.is_personal or bool({"person"} & _roles(words)) or any(
        (found := _named(_words(leaf["key"]), leaf["key"])) and found.kind in PERSONAL
        and not found.is_vague
        for leaf in leaves if leaf["path"]
    )  # fmt: skip
    for leaf in leaves:
        if not leaf["path"]:
            yield from _leaf_findings(table, words, name, type_, leaf, is_personal)
        else:
            key, parents = _words(leaf["key"]), words + _words(leaf["path"])
            is_addressed = is_personal or bool({"address", "addresses"} & set(parents))
            yield from _leaf_findings(table, key, "", "json", leaf, is_addressed, parents)


def _by_name_alone(table: _Table, words: list[str], name: str, type_: str) -> Iterator[_Finding]:
    named = _credible(table, words, name, type_, table.is_personal, ())
    if named and (not named.is_vague or table.is_personal):
        yield _Finding(named.kind, "name", None, 0.5)


def _leaf_findings(
    table: _Table,
    words: list[str],
    name: str,
    type_: str,
    leaf: dict[str, Any],
    is_personal: bool,
    parents: Iterable[str] = (),
) -> Iterator[_Finding]:
    values = leaf["value_count"]
    told = f"{{}} of {values:,} sampled values{' of a key' if leaf['path'] else ''}"
    by_value = list(_by_values(table, words, type_, leaf))
    whole = [found for found in by_value if found[2]]
    named = _credible(table, words, name, type_, is_personal, parents)
    if named:
        like = leaf.get(f"like_{named.kind}", 0) / values
        sure = next((share for kind, share, _ in by_value if kind == named.kind), None)
        is_borne_out = (sure is not None or like >= BORNE_OUT) and not (
            named.is_vague and sure is None and not _is_name_like(table, named, leaf)
        )
        is_other = any(kind != named.kind for kind, _, _ in whole) and sure is None
        if is_borne_out and not is_other:
            said = "name of a key" if leaf["path"] else "name"
            if sure is not None:
                said += f", {told.format(_percent(sure))}"
            yield _Finding(named.kind, said, sure, 2 + (sure or 0))
            whole = [found for found in whole if found[0] == named.kind]
    best = max(whole, key=lambda found: found[1], default=None)
    for found in by_value:
        if found is best or not found[2]:
            kind, share, _ = found
            yield _Finding(kind, told.format(_percent(share)), share, 1 + share)


def _is_name_like(table: _Table, named: _Named, leaf: dict[str, Any]) -> bool:
    values = leaf["value_count"]
    if named.kind == "person_name":
        known = max(leaf["given_count"], leaf["family_count"], leaf["start_count"])
        return leaf["company_count"] < 0.5 * values and (
            known >= 0.1 * values or ("person" in table.roles and leaf["multi_count"] > 0)
        )
    return table.is_personal


def _by_values(
    table: _Table, words: list[str], type_: str, leaf: dict[str, Any]
) -> Iterator[tuple[str, float, bool]]:
    """Kinds that values are of, how many, and whether as a whole rather than within a text."""
    values, cells = leaf["value_count"], leaf["cell_count"]
    for test in _tests():
        matches = leaf[f"is_{test.name}"]
        share = matches / values
        is_several = matches >= 3 or (matches == values == cells) or test.kind == "gender"
        if share >= test.least and is_several:
            if test.kind == "gender" and not _are_genders(leaf):
                continue
            if test.kind in ("coordinates", "street_address", "postcode") and (
                "subject" in table.roles | _roles(words) and "person" not in table.roles
            ):
                continue
            yield test.kind, share, True
        elif test.least_inside is not None:
            inside = max(leaf[f"has_{test.name}"], matches if type_ == "json" else 0)
            inside = max(inside, matches if test.kind in ("email", "secret") else 0)
            if inside / values >= test.least_inside and (
                inside >= 2 or (inside == 1 and cells == values and values <= 100)
            ):
                yield test.kind, inside / values, False
    if share := _birth_dates(table, words, leaf):
        yield "birth_date", share, True
    if share := _person_names(table, words, leaf):
        yield "person_name", share, True


def _are_genders(leaf: dict[str, Any]) -> bool:
    """One letter may be a size, one word anything: at least two are needed, and many cells."""
    return 2 <= leaf["value_count"] <= 12 and leaf["cell_count"] >= 4


def _birth_dates(table: _Table, words: list[str], leaf: dict[str, Any]) -> float:
    values = leaf["value_count"]
    roles = _roles(words)
    if (
        values < TELLING
        or {"date", "else"} & roles
        or ("subject" in table.roles and "person" not in table.roles)
        or leaf["timed_count"] > 0.1 * values
    ):
        return 0
    is_spread = leaf["last_year"] is not None and (
        leaf["last_year"] - leaf["first_year"] >= 20
        and leaf["year_deviation"] >= 7
        and 20 <= leaf["mean_age"] <= 75
        and leaf["day_count"] >= min(20, 0.4 * values)
    )
    return leaf["aged_count"] / values if is_spread and leaf["aged_count"] >= 0.9 * values else 0


def _person_names(table: _Table, words: list[str], leaf: dict[str, Any]) -> float:
    values = leaf["value_count"]
    like, given = leaf["like_person_name"], leaf["given_count"]
    if (
        values < 5
        or like < 0.8 * values
        or leaf["company_count"] > 0.15 * values
        or ("subject" in table.roles | _roles(words) and "person" not in table.roles)
    ):
        return 0
    strict = 1.6 if values < TELLING else 1
    if leaf["start_count"] >= 0.7 * values:
        return leaf["start_count"] / values
    if leaf["multi_count"] >= 0.6 * values:
        return like / values if given >= 0.3 * strict * values else 0
    known = max(given / 0.4, leaf["family_count"] / 0.3)
    return like / values if known >= strict * values else 0


def _credible(
    table: _Table,
    words: list[str],
    name: str,
    type_: str,
    is_personal: bool,
    parents: Iterable[str],
) -> _Named | None:
    """What a name says, unless its type, its other words or its table speak against it."""
    named = _named(words, name)
    if named is None:
        return None
    kind = _kinds()[named.kind]
    if type_ not in kind.types and type_ != "json":
        return None
    if kind.is_contextual and not is_personal:
        return None
    roles = _roles([*words, *parents])
    if kind.is_of_subject and "person" not in roles and not parents:
        if "subject" in _roles(words):
            return None
        if "subject" in table.roles and "person" not in table.roles:
            return None
    if kind.is_of_subject and parents and "subject" in _roles(parents) and "person" not in roles:
        return None
    return named


@cache
def _lexicon() -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """Names of kinds by their first word, those of most words first."""
    kinds = {row["attribute"]: row["kind"] for row in _rows("attributes")}
    entries = [(row["alias"], row["kind"], row["match"]) for row in _rows("names")]
    known = {alias for alias, _, _ in entries}
    with (SEEDS / "governance" / "attribute_aliases.csv").open(encoding="utf-8") as file:
        entries += [
            (row["alias"], kinds[row["attribute"]],
             "whole" if row["is_whole_name"] == "true" else "words")
            for row in csv.DictReader(file)
            if row["attribute"] in kinds and row["alias"] not in known
        ]  # fmt: skip
    lexicon: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for alias, kind, match in entries:
        words = tuple(alias.split("_"))
        lexicon.setdefault("" if match == "inside" else words[0], []).append((words, kind, match))
    for found in lexicon.values():
        found.sort(key=lambda entry: (-len(entry[0]), -len(entry[0][0])))
    return lexicon


def _named(words: list[str], name: str) -> _Named | None:
    """What the words of a name say; the longest that is known decides."""
    best: tuple[int, int, str, str, int] | None = None
    for at, word in enumerate(words):
        for alias, kind, match in _lexicon().get(word, ()):
            if tuple(words[at : at + len(alias)]) != alias:
                continue
            if match == "whole" and len(alias) != len(words):
                continue
            rank = (len(alias), at, kind, match, at)
            if best is None or rank[:2] > best[:2]:
                best = rank
    if best is None:
        joined = "".join(words)
        for (alias, *_), kind, _ in _lexicon().get("", ()):
            if alias in joined and not _others(words):
                return _Named(kind, is_vague=False)
        return None
    length, at, kind, match, _ = best
    if _others(words[:at] + words[at + length :]):
        return None
    return _Named(kind, is_vague=match == "whole" and kind == "person_name")


def _others(words: list[str]) -> bool:
    return "else" in _roles(words)


@cache
def _role_words() -> dict[str, str]:
    return {row["word"]: row["role"] for row in _rows("words")}


def _roles(words: Iterable[str]) -> set[str]:
    return {_role_words()[word] for word in words if word in _role_words()}


def _words(name: str) -> list[str]:
    """The words of a name, in lower case without accents: `kundenEMail` → kunden, email."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    split = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", plain)
    split = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", split)
    return [word for word in re.split(r"[\W_]+", split.lower()) if word]


def _type_of(type_: str) -> str:
    if type_ in DATES:
        return "date"
    if NUMBERS.fullmatch(type_):
        return "number"
    if type_ in ("VARCHAR", "UUID", "BLOB", "BIT") or type_.startswith("ENUM"):
        return "text"
    return "json"


@cache
def _kinds() -> dict[str, _Kind]:
    classes = {known: known for known in get_args(PiiClass)}
    return {
        row["kind"]: _Kind(
            row["kind"],
            classes[row["pii"]],
            frozenset(row["types"].split("|")),
            row["is_contextual"] == "true",
            row["is_of_subject"] == "true",
        )
        for row in _rows("kinds")
    }


@cache
def _tests() -> list[_Test]:
    return [
        _Test(
            row["test"],
            row["kind"],
            float(row["least_share"]),
            float(row["least_share_inside"]) if row["least_share_inside"] else None,
        )
        for row in _rows("tests")
    ]


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("scripts.pii") / "data" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _seed(path: str, column: str) -> list[str]:
    with (SEEDS / f"{path}.csv").open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def _prepare(cursor: duckdb.DuckDBPyConnection) -> None:
    """Gives a connection the macros and the lists they look into, for as long as it is open."""
    streets = {row["word"]: row["place"] for row in _rows("street_words")}
    written = [
        word for word in _seed("reference/street_words", "normal_word")
        + _seed("reference/street_words", "word")
        if len(word) > 2 and word.isalpha() and word not in ("unit", "number", "the")
    ]  # fmt: skip
    areas = [
        digits[1:5]
        for digits in _seed("reference/phone_number_ranges", "first_digits")
        if digits.startswith("1") and len(digits) == 5
    ]
    ranges = list(
        zip(
            _seed("reference/phone_number_ranges", "first_digits"),
            _seed("reference/phone_number_ranges", "last_digits"),
            strict=True,
        )
    )
    areas = [
        f"{number:04}"
        for first, last in ranges
        if first.startswith("1") and len(first) == 5
        for number in range(int(first[1:]), int(last[1:]) + 1)
    ]
    endings = [word for word, place in streets.items() if place == "ending"]
    lists: dict[str, Any] = {
        "pii_mailboxes": _seed("identity/role_mailboxes", "local_part"),
        "pii_areas": sorted(set(areas)),
        "pii_countries": _seed("reference/countries", "country_code"),
        "pii_streets": sorted({w for w, place in streets.items() if place == "word"} | set(written)),
        "pii_street_endings": f"^.{{3,}}({'|'.join(endings)})$",
        "pii_genders": [row["word"] for row in _rows("genders")],
        "pii_companies": sorted(
            {word for word in _seed("reference/legal_forms", "last_word") if len(word) > 1}
            | {"group", "sons", "company", "holding", "holdings", "partners", "industries"}
        ),
        "pii_starts": [row["name"] for row in _rows("person_names") if row["part"] == "start"],
    }
    for name, value in lists.items():
        cursor.execute(f"set variable {name} = ?", [value])
    cursor.execute("create temp table pii_person_names (name varchar, part varchar)")
    names = {(row["name"], row["part"]) for row in _rows("person_names")}
    names |= {(name, "given") for name in _seed("reference/nicknames", "given_name")}
    columns = [list(part) for part in zip(*sorted(names), strict=True)]
    cursor.execute(
        "insert into pii_person_names select unnest(?::varchar[]), unnest(?::varchar[])", columns
    )
    for kind in ("region", "country"):
        cursor.execute(f"create temp table pii_{kind} (alias varchar)")
        aliases = sorted(set(_seed(f"reference/{kind}_aliases", "alias")))
        cursor.execute(f"insert into pii_{kind} select unnest(?::varchar[])", [aliases])
    cursor.execute((files("scripts.pii") / "detector.sql").read_text("utf-8"))


def _measured(table: _Table, names: list[str], sample: int) -> list[dict[str, Any]]:
    """How many of the sampled values are what: a row per column, or per key of its documents."""
    if not names:
        return []
    cursor = table.cursor.execute(_query(table, names, sample))
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _query(table: _Table, names: list[str], sample: int) -> str:
    likes = [kind for kind in _kinds() if kind not in ("region", "country")]
    inside = [test for test in _tests() if test.least_inside is not None]
    tests = [
        *(f"pii_is_{test.name}(value) as is_{test.name}" for test in _tests()),
        *(f"pii_has_{test.name}(value) as has_{test.name}" for test in inside),
        *(f"pii_like_{kind}(value) as like_{kind}" for kind in likes),
        "place in (select alias from pii_region) as like_region",
        "place in (select alias from pii_country) as like_country",
    ]
    flags = [
        *(f"is_{test.name}" for test in _tests()),
        *(f"has_{test.name}" for test in inside),
        *(f"like_{kind}" for kind in _kinds()),
    ]
    cells = ", ".join(
        f"{{'position': {at}, 'value': {_text(_quoted(name), table.types[name])}}}"
        for at, name in enumerate(names)
    )
    return (
        (files("scripts.pii") / "measure.sql")
        .read_text("utf-8")
        .format(
            cells=cells,
            rows=_rows_of(table, sample),
            sample=sample,
            documents=sample * DOCUMENTS,
            keys=KEYS,
            length=LENGTH,
            tests=",\n".join(tests),
            counts=",\n".join(f"count_if({flag}) as {flag}" for flag in flags),
        )
    )


def _rows_of(table: _Table, sample: int) -> str:
    pool = sample * POOL
    if table.pool == "view":
        return f"{table.sql} using sample reservoir({pool} rows) repeatable (1)"
    found = table.cursor.execute(f"select count(*) from {table.sql}").fetchone()
    every = (found[0] if found else 0) // pool
    return f"{table.sql} where (rowid // {STRETCH}) % {every} = 0" if every > 1 else table.sql


def _text(column: str, type_: str) -> str:
    """A column as text: documents as JSON, whole numbers without what follows the point."""
    kind = _type_of(type_)
    if kind == "json" and type_ != "JSON":
        return f"cast(to_json({column}) as varchar)"
    if type_ in ("DOUBLE", "FLOAT") or type_.startswith("DECIMAL"):
        return (
            f"case when {column} = trunc({column}) and abs({column}) < 1e19 "
            f"then cast(cast({column} as hugeint) as varchar) else cast({column} as varchar) end"
        )
    return f"cast({column} as varchar)"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _percent(share: float) -> str:
    return "<1 %" if share < 0.01 else f"{share * 100:.0f} %"
