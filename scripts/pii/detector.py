"""Finds columns that look like personal data, by their names and by a sample of their values.

A table is read by one query. It looks at a pool of the table's rows: all of a small one, of a
large one stretches of neighbouring rows at even distances, which are the same at every run and
spare reading the rest. Of a column's different values in the pool those with the least hashes are
the sample. Documents are taken apart: every key is a column of its own, with a sample of its own,
so that a key that few documents have is seen as well. Views have no rows to skip to: a reservoir
is drawn from them. What was drawn of all tables, one more query judges.

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

from ingestion import storage
from ingestion.contracts import PiiClass
from ingestion.settings import PROJECT
from ingestion.sql import quoted, rows_of

# Rows of a table that are looked at for every value of the sample, and how many neighbours of them
# are read together.
POOL = 20
STRETCH = 128
# Documents that are taken apart for every value of the sample, keys of a column that are told
# apart, and how much of a value is looked at.
DOCUMENTS = 5
KEYS = 300
LENGTH = 2000
# Values that have to be like what the name says, where there are any.
BORNE_OUT = 0.5
# Fewer values than this say little of dates and names by themselves.
TELLING = 8
# Places that are told from other words by the project's lists of them.
LISTED = ("region", "country")
# A table that has a column of these tells of people.
PERSONAL = {"person_name", "email", "phone", "birth_date"}
# Tests that a value does not pass by chance: among other things it counts as well.
UNMISTAKABLE = {"email", "secret"}
# Kinds that are nobody's where they are those of a shop or a product.
PLACES = {"coordinates", "street_address", "postcode"}
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
    with storage.cursor(connection) as cursor:
        _prepare(cursor)
        tables = [_Table(cursor, *name, names) for name, names in asked.items()]
        for number, of in enumerate(tables):
            if of.asked:
                cursor.execute(_draw(of, number, sample))
        leaves = _judged(cursor)
    return [
        suspect
        for number, of in enumerate(tables)
        for suspect in _suspects(of, leaves.get(number, []))
    ]


@dataclass(frozen=True)
class _Kind:
    """A kind of personal data, as `data/kinds.csv` has it.

    Args:
        name: what it is called.
        pii: its class.
        types: types of columns whose names are believed.
        is_contextual: whether a name is believed only where the table tells of people.
        is_of_subject: whether it is not personal where it is a shop's or a product's.
    """

    name: str
    pii: PiiClass
    types: frozenset[str]
    is_contextual: bool
    is_of_subject: bool


@dataclass(frozen=True)
class _Test:
    """A macro `pii_is_…`, with the share of values from which on it tells.

    Args:
        name: of the macro.
        kind: what it finds.
        least: share of values that have to be such.
        least_inside: share that have to have one within, by `pii_has_…`; None where no text tells.
    """

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
        roles: what its other words are.
    """

    kind: str
    is_vague: bool
    roles: frozenset[str]


@dataclass(frozen=True)
class _Finding:
    kind: str
    evidence: str
    share: float | None
    weight: float


@dataclass(frozen=True)
class _Leaf:
    """A column, or a key of its documents, with how many of its values are what.

    Args:
        words: of its name.
        parents: words of the names above it: the column's and those of other keys.
        type: `text`, `number`, `date` or `json`.
        counts: the row of `judge.sql`.
    """

    words: list[str]
    parents: list[str]
    type: str
    counts: dict[str, Any]

    def share(self, count: str) -> float:
        return self.counts[count] / self.counts["value_count"]


class _Table:
    """A table or view, its columns, and which of them are asked for."""

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, schema: str, table: str, names: list[str]
    ) -> None:
        self.schema, self.name = schema, table
        self.sql = f"{quoted(schema)}.{quoted(table)}"
        self.types: dict[str, str] = dict(
            cursor.execute(
                "select column_name, data_type from duckdb_columns() where schema_name = ? "
                "and table_name = ? and database_name = current_database() order by column_index",
                [schema, table],
            ).fetchall()
        )
        found = cursor.execute(
            "select estimated_size from duckdb_tables() where schema_name = ? "
            "and table_name = ? and database_name = current_database()",
            [schema, table],
        ).fetchone()
        self.size: int | None = found[0] if found else None
        # Of a flag there is nothing to be seen.
        self.asked = [name for name in names if self.types.get(name, "BOOLEAN") != "BOOLEAN"]
        self.roles = _roles(_words(table))

    @cached_property
    def is_impersonal(self) -> bool:
        """Whether its name says that it tells of shops, products and the like."""
        return "subject" in self.roles and "person" not in self.roles

    @cached_property
    def is_personal(self) -> bool:
        """Whether it tells of people: so its name says, or those of its columns."""
        if self.is_impersonal or "person" in self.roles:
            return not self.is_impersonal
        return any(_is_personal(_words(name)) for name in self.types)


def _suspects(table: _Table, measured: list[dict[str, Any]]) -> Iterator[Suspect]:
    for position, name in enumerate(table.asked):
        counts = [row for row in measured if row["position"] == position]
        findings: dict[str, _Finding] = {}
        for finding in _column_findings(table, name, counts):
            held = findings.get(finding.kind)
            if held is None or finding.weight > held.weight:
                findings[finding.kind] = finding
        for finding in sorted(findings.values(), key=lambda found: -found.weight):
            yield Suspect(
                table.schema,
                table.name,
                name,
                finding.kind,
                _kinds()[finding.kind].pii,
                finding.evidence,
                finding.share,
            )


def _column_findings(
    table: _Table, name: str, measured: list[dict[str, Any]]
) -> Iterator[_Finding]:
    words, type_ = _words(name), _type_of(table.types[name])
    if not measured:
        leaf = _Leaf(words, [], type_, {})
        named = _credible(table, leaf, table.is_personal)
        # A `customer` without values is more likely a record than the name of one.
        is_record = named is not None and named.is_vague and "person" in _roles(words)
        if named and (not named.is_vague or table.is_personal) and not is_record:
            yield _Finding(named.kind, "name", None, 0.5)
        return
    leaves = [_leaf(words, type_, counts) for counts in measured]
    is_personal = (
        table.is_personal
        or "person" in _roles(words)
        or any(_is_personal(leaf.words) for leaf in leaves if leaf.counts["path"])
    )
    for leaf in leaves:
        is_address = bool({"address", "addresses"} & set(leaf.parents))
        yield from _leaf_findings(table, leaf, is_personal or is_address)


def _leaf(words: list[str], type_: str, counts: dict[str, Any]) -> _Leaf:
    if not counts["path"]:
        return _Leaf(words, [], type_, counts)
    key = _words(counts["key"])
    above = _words(counts["path"])
    return _Leaf(key, words + above[: len(above) - len(key)], "json", counts)


def _leaf_findings(table: _Table, leaf: _Leaf, is_personal: bool) -> Iterator[_Finding]:
    values = leaf.counts["value_count"]
    of = f"of {values:,} sampled values{' of a key' if leaf.counts['path'] else ''}"
    found = list(_by_values(table, leaf))
    whole = [known for known in found if known[2]]
    named = _credible(table, leaf, is_personal)
    if named:
        sure = max((share for kind, share, _ in found if kind == named.kind), default=None)
        is_borne_out = sure is not None or (
            leaf.share(f"like_{named.kind}") >= BORNE_OUT
            and not whole
            and (not named.is_vague or _are_people(table, leaf))
        )
        if is_borne_out:
            said = "name of a key" if leaf.counts["path"] else "name"
            if sure is not None:
                said += f", {_percent(sure)} {of}"
            yield _Finding(named.kind, said, sure, 2 + (sure or 0))
            whole = [known for known in whole if known[0] == named.kind]
    best = max(whole, key=lambda known: known[1], default=None)
    for known in found:
        kind, share, is_whole = known
        if known is best or not is_whole:
            yield _Finding(kind, f"{_percent(share)} {of}", share, 1 + share)


def _are_people(table: _Table, leaf: _Leaf) -> bool:
    """Whether what a column `name` holds may be names of people."""
    known = max(leaf.share(f"{part}_count") for part in ("given", "family", "start"))
    is_of_person = "person" in (_roles(leaf.parents) or table.roles)
    return leaf.share("company_count") < 0.5 and (
        known >= 0.1 or (is_of_person and leaf.share("multi_count") >= 0.5)
    )


def _by_values(table: _Table, leaf: _Leaf) -> Iterator[tuple[str, float, bool]]:
    """Kinds that values are of, how many, and whether as a whole rather than within a text."""
    values, cells = leaf.counts["value_count"], leaf.counts["cell_count"]
    for test in _tests():
        matches = leaf.counts[f"is_{test.name}"]
        # One value in all rows is the company's own, or a default.
        is_several = matches >= 3 or matches == values == cells
        if test.kind == "gender":
            # One word may be anything: at least two are needed, and many cells.
            is_several = 2 <= values <= 12 and cells >= 2 * values
        if test.kind in PLACES and _is_impersonal(table, leaf):
            continue
        if test.kind == "ip_address" and "version" in _roles(leaf.words):
            continue
        if matches / values >= test.least and is_several:
            yield test.kind, matches / values, True
        elif test.least_inside is not None:
            alone = matches if test.name in UNMISTAKABLE else 0
            inside = max(leaf.counts[f"has_{test.name}"], alone)
            if inside >= test.least_inside * values and (
                inside >= 2 or (inside == 1 and values == cells <= 100)
            ):
                yield test.kind, inside / values, False
    if share := _birth_dates(table, leaf):
        yield "birth_date", share, True
    if share := _person_names(table, leaf):
        yield "person_name", share, True


def _is_impersonal(table: _Table, leaf: _Leaf) -> bool:
    roles = _roles(leaf.words + leaf.parents)
    return "person" not in roles and ("subject" in roles or table.is_impersonal)


def _birth_dates(table: _Table, leaf: _Leaf) -> float:
    """Share of values that are dates of birth: long ago, over many years, on days of all kinds."""
    counts, values = leaf.counts, leaf.counts["value_count"]
    if (
        values < TELLING
        or {"date", "else"} & _roles(leaf.words)
        or _is_impersonal(table, leaf)
        or leaf.share("timed_count") > 0.1
        or leaf.share("aged_count") < 0.9
    ):
        return 0
    is_spread = (
        counts["last_year"] - counts["first_year"] >= 20
        and counts["year_deviation"] >= 7
        and 20 <= counts["mean_age"] <= 75
        and counts["day_count"] >= min(20, 0.4 * values)
    )
    return leaf.share("aged_count") if is_spread else 0


def _person_names(table: _Table, leaf: _Leaf) -> float:
    """Share of values that are names of people, where enough of them are well known ones."""
    values = leaf.counts["value_count"]
    like, given = leaf.share("like_person_name"), leaf.share("given_count")
    if (
        values < 5
        or like < 0.8
        or leaf.share("company_count") > 0.15
        or _is_impersonal(table, leaf)
    ):
        return 0
    strict = 1.6 if values < TELLING else 1
    if leaf.share("start_count") >= 0.7:
        return leaf.share("start_count")
    if leaf.share("multi_count") >= 0.6:
        return like if given >= 0.3 * strict else 0
    return like if max(given / 0.4, leaf.share("family_count") / 0.3) >= strict else 0


def _credible(table: _Table, leaf: _Leaf, is_personal: bool) -> _Named | None:
    """What a name says, unless its type, its other words or its table speak against it."""
    named = _named(leaf.words)
    if named is None:
        return None
    kind = _kinds()[named.kind]
    if leaf.type not in kind.types and leaf.type != "json":
        return None
    if kind.is_contextual and not is_personal:
        return None
    if kind.is_of_subject and "person" not in named.roles:
        above = _roles(leaf.parents) or table.roles
        if "subject" in named.roles or ("subject" in above and "person" not in above):
            return None
    return named


@cache
def _lexicon() -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """Names of kinds, their kinds and how they match, by their first words.

    Those that match inside words are under the empty one.
    """
    kinds = {row["attribute"]: row["kind"] for row in _rows("attributes")}
    entries = [(row["alias"], row["kind"], row["match"]) for row in _rows("names")]
    known = {alias for alias, _, _ in entries}
    for alias, attribute, is_whole in _seed(
        "governance/attribute_aliases", "alias", "attribute", "is_whole_name"
    ):
        if attribute in kinds and alias not in known:
            entries.append((alias, kinds[attribute], "whole" if is_whole == "true" else "words"))
    lexicon: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for alias, kind, match in entries:
        words = tuple(alias.split("_"))
        lexicon.setdefault("" if match == "inside" else words[0], []).append((words, kind, match))
    return lexicon


def _named(words: list[str]) -> _Named | None:
    """What the words of a name say: the most words that are known, the last of them, decide."""
    best: tuple[int, int, str, str] | None = None
    for at, word in enumerate(words):
        for alias, kind, match in _lexicon().get(word, ()):
            length = len(alias)
            if tuple(words[at : at + length]) != alias:
                continue
            if match == "whole" and length != len(words):
                continue
            if best is None or (length, at) > best[:2]:
                best = (length, at, kind, match)
    if best is None:
        joined, others = "".join(words), frozenset(_roles(words))
        for (alias_word, *_), kind, _ in _lexicon()[""]:
            if alias_word in joined and not {"else", "version"} & others:
                return _Named(kind, is_vague=False, roles=others)
        return None
    length, at, kind, match = best
    roles = frozenset(_roles(words[:at] + words[at + length :]))
    is_vague = match == "whole" and kind == "person_name"
    return None if {"else", "version"} & roles else _Named(kind, is_vague, roles)


def _is_personal(words: list[str]) -> bool:
    named = _named(words)
    return named is not None and named.kind in PERSONAL and not named.is_vague


@cache
def _role_words() -> dict[str, str]:
    return {row["word"]: row["role"] for row in _rows("words")}


def _roles(words: Iterable[str]) -> set[str]:
    return {_role_words()[word] for word in words if word in _role_words()}


def _words(name: str) -> list[str]:
    """The words of a name, in lower case without accents: `kundenEMail` → kunden, e, mail."""
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
    if type_ in ("VARCHAR", "UUID", "BLOB", "BIT", "TIME") or type_.startswith("ENUM"):
        return "text"
    return "json"


@cache
def _kinds() -> dict[str, _Kind]:
    classes: dict[str, PiiClass] = {known: known for known in get_args(PiiClass)}
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


def _seed(path: str, *columns: str) -> list[tuple[str, ...]]:
    with (SEEDS / f"{path}.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row[column] for column in columns) for row in csv.DictReader(file)]


def _sql(name: str) -> str:
    return (files("scripts.pii") / f"{name}.sql").read_text("utf-8")


def _prepare(cursor: duckdb.DuckDBPyConnection) -> None:
    """Gives a connection the macros and the lists they look into, for as long as it is open."""
    for name, value in _lists().items():
        cursor.execute(f"set variable pii_{name} = ?", [value])
    names = {(row["name"], row["part"]) for row in _rows("person_names")}
    names |= {(name, "given") for (name,) in _seed("reference/nicknames", "given_name")}
    cursor.execute(
        "create temp table pii_person_names as "
        "select strip_accents(unnest(?::varchar[])) as name, unnest(?::varchar[]) as part",
        [list(part) for part in zip(*sorted(names), strict=True)],
    )
    for kind in LISTED:
        known = _seed(f"reference/{kind}_aliases", "alias", f"{kind}_code")
        aliases = sorted({word.lower() for of_place in known for word in of_place})
        cursor.execute(
            f"create temp table pii_{kind} as select unnest(?::varchar[]) as alias", [aliases]
        )
    cursor.execute(
        "create temp table pii_sampled (table_number bigint, position bigint, path varchar, "
        "value varchar, cell_count bigint)"
    )
    cursor.execute(_sql("macros"))


@cache
def _lists() -> dict[str, str | list[str]]:
    """What the macros look into, by the names they call it."""
    streets = {row["word"]: row["place"] for row in _rows("street_words")}
    written = {
        word
        for kind, *words in _seed("reference/street_words", "kind", "word", "normal_word")
        for word in words
        if kind == "street" and len(word) > 2 and word.isalpha()
    }
    areas = {
        f"{number:04}"
        for first, last in _seed("reference/phone_number_ranges", "first_digits", "last_digits")
        if first.startswith("1") and len(first) == 5
        for number in range(int(first[1:]), int(last[1:]) + 1)
    }
    endings = "|".join(word for word, place in streets.items() if place == "ending")
    words = {word for word, place in streets.items() if place == "word"} | written
    forms = {form for (form,) in _seed("reference/legal_forms", "last_word") if len(form) > 1}
    forms |= {row["word"] for row in _rows("company_words")}
    names: dict[str, list[str]] = {}
    for row in _rows("person_names"):
        names.setdefault(row["part"], []).append(row["name"])
    return {
        "areas": sorted(areas),
        "companies": sorted(forms),
        "countries": [code for (code,) in _seed("reference/countries", "country_code")],
        "genders": [row["word"] for row in _rows("genders")],
        "mailboxes": [part for (part,) in _seed("identity/role_mailboxes", "local_part")],
        "given_endings": f"({'|'.join(names['given_ending'])})$",
        "family_endings": f".({'|'.join(names['family_ending'])})$",
        "starts": names["start"],
        "street_endings": f"^.{{3,}}({endings})$",
        "streets": sorted(words),
    }


def _draw(table: _Table, number: int, sample: int) -> str:
    """The query that draws values of a table's columns into `pii_sampled`."""
    cells = ", ".join(
        f"{{'position': {at}, 'value': {_text(quoted(name), table.types[name])}}}"
        for at, name in enumerate(table.asked)
    )
    return _sql("draw").format(
        table=number,
        cells=cells,
        rows=_pool(table, sample * POOL),
        sample=sample,
        documents=sample * DOCUMENTS,
        keys=KEYS,
        length=LENGTH,
    )


def _pool(table: _Table, rows: int) -> str:
    if table.size is None:
        return f"{table.sql} using sample reservoir({rows} rows) repeatable (1)"
    every = table.size // rows
    return f"{table.sql} where (rowid // {STRETCH}) % {every} = 0" if every > 1 else table.sql


def _judged(cursor: duckdb.DuckDBPyConnection) -> dict[int, list[dict[str, Any]]]:
    """By table, how many of the values are what: a row of a column or a key of its documents."""
    flags = {f"is_{test.name}": f"pii_is_{test.name}(value)" for test in _tests()}
    for test in _tests():
        if test.least_inside is not None:
            flags[f"has_{test.name}"] = f"pii_has_{test.name}(value)"
    for kind in _kinds():
        flags[f"like_{kind}"] = f"pii_like_{kind}(value)"
    for kind in LISTED:
        flags[f"like_{kind}"] = f"place in (select alias from pii_{kind})"
    tests = ",\n".join(f"{sql} as {flag}" for flag, sql in flags.items())
    counts = ",\n".join(f"count(*) filter ({flag}) as {flag}" for flag in flags)
    sql = _sql("judge").replace("{tests}", tests).replace("{counts}", counts)
    tables: dict[int, list[dict[str, Any]]] = {}
    for leaf in rows_of(cursor, sql):
        tables.setdefault(leaf["table_number"], []).append(leaf)
    return tables


def _text(column: str, type_: str) -> str:
    """A column as text: documents as JSON, whole numbers without what follows the point."""
    if _type_of(type_) == "json" and type_ != "JSON":
        return f"cast(to_json({column}) as varchar)"
    if type_ in ("DOUBLE", "FLOAT") or type_.startswith("DECIMAL"):
        return (
            f"case when {column} = trunc({column}) and abs({column}) < 1e19 "
            f"then cast(cast({column} as hugeint) as varchar) else cast({column} as varchar) end"
        )
    return f"cast({column} as varchar)"


def _percent(share: float) -> str:
    return "<1 %" if share < 0.01 else f"{share * 100:.0f} %"
