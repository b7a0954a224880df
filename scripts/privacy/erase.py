"""Erases people: everywhere, out of the bytes of the files too, for good, and with a proof.

The warehouse is not changed where it is. A new one is written without the people, in a folder of
its own, and put in the place of the old one when it is whole: whatever ends this at whatever
moment, the warehouse is the old one or the new one.
"""

from __future__ import annotations

import csv
import hmac
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingestion import keys, lake, mirror, pipeline, privacy, settings, storage
from ingestion.lake import Commit
from ingestion.lock import exclusive
from ingestion.sql import literal, quoted
from scripts.dbt_runner import dbt
from scripts.pii.command import declared_classes
from scripts.privacy import holdings, register
from scripts.privacy.finder import Finder
from scripts.privacy.holdings import TableOf
from scripts.privacy.subjects import Subject, find
from scripts.publish import publish
from scripts.seeds import seed_file
from scripts.share import files as shares
from scripts.sheets import private_file

Tell = Callable[[str], None]
Row = dict[str, Any]


class NotProvedError(Exception):
    """Something of a person is left. The message says where; never what."""


@dataclass(frozen=True)
class Plan:
    """What an erasure would remove.

    Args:
        subjects: who.
        rows: rows by table.
        mentions: values of other people's rows that name them, by table.
        shared: identifiers they have in common with others, who keep them.
        finder: looks for what is to be nowhere afterwards.
    """

    subjects: list[Subject] = field(repr=False)
    rows: dict[str, int]
    mentions: dict[str, int]
    shared: int
    finder: Finder = field(repr=False)


@dataclass(frozen=True)
class Marks:
    """What is marked, out of the database it was marked in.

    Args:
        held: rows that go: relation, row.
        mended: values that change: relation, row, column, value.
        buried: tombstones of all that goes, with their kinds.
    """

    held: pa.Table = field(repr=False)
    mended: pa.Table = field(repr=False)
    buried: pa.Table = field(repr=False)


def plan(identifiers: Sequence[str]) -> Plan:
    """What erasing the people of these identifiers would remove. Nothing is changed.

    Raises:
        UnknownPersonError: nobody, or more than one, is known by an identifier.
    """
    with mirror.whole() as file, attached(file) as connection:
        return plan_in(connection, identifiers)


def erase(identifiers: Sequence[str], asked: register.Asked, tell: Tell) -> list[Path]:
    """Erases the people of these identifiers, and proves it.

    Args:
        identifiers: one for each person.
        asked: how their requests came.
        tell: is told of each step as it begins.

    Returns:
        The signed receipt of each person.

    Raises:
        UnknownPersonError: nobody, or more than one, is known by an identifier.
        RequestError: the law has no terms for it.
        NotProvedError: something is left.
    """
    requests: list[Row] = []

    def noted(connection: duckdb.DuckDBPyConnection, planned: Plan) -> str:
        requests.extend(_requests(connection, planned.subjects, asked))
        return str(requests[0]["request_id"])

    def written(connection: duckdb.DuckDBPyConnection) -> None:
        for request in requests:
            privacy.write_request(connection, request)

    planned, proof = rewrite(
        "cdi privacy erase",
        lambda connection: plan_in(connection, identifiers),
        noted,
        written,
        tell,
    )
    return [
        receipt(
            {
                "request_id": request["request_id"],
                "kind": "erase",
                "law": request["law"],
                "subject": request["subject"],
                "erased_at": f"{request['completed_at']:%Y-%m-%dT%H:%M:%SZ}",
                "people_erased_together": len(planned.subjects),
            },
            planned,
            proof,
        )
        for request in requests
    ]


def rewrite(
    command: str,
    prepare: Callable[[duckdb.DuckDBPyConnection], Plan],
    noted: Callable[[duckdb.DuckDBPyConnection, Plan], str],
    written: Callable[[duckdb.DuckDBPyConnection], None],
    tell: Tell,
) -> tuple[Plan, dict[str, int]]:
    """Writes the warehouse anew without what is marked, puts it in place, and proves it.

    Args:
        command: what does it, for whoever finds the warehouse taken.
        prepare: marks what goes, in `temp.held`, `temp.mentions` and `temp.marks`.
        noted: gives the id that tombstones name, before anything is written.
        written: writes to the new warehouse, its current database, what is to be known of it.
        tell: is told of each step as it begins.

    Returns:
        What was removed, and how much was looked through.

    Raises:
        NotProvedError: something is left.
    """
    with exclusive(command):
        if settings.left_behind().exists():
            raise storage.StorageError(
                "what a migration has left has everybody in it still: `cdi storage forget` first"
            )
        privacy.declare()
        # What a writer that was killed has not put into the file goes there, and its log away.
        storage.connect(settings.warehouse()).close()
        with storage.scratch("erasing") as folder:
            tell("looking for all that is theirs")
            new = folder / settings.warehouse().name
            chosen = lake.chosen()
            pointer = mirror.pointer_of_file()
            commit = mirror.begun(chosen, command, pointer, erases=True) if chosen else None
            with mirror.whole() as old, attached(old) as connection:
                planned = prepare(connection)
                finder = planned.finder
                noted_as = noted(connection, planned)
                marks = _marks(connection)
                tell("writing the warehouse anew, without them")
                # Within the other, which keeps the file as it is: rows stay where they are.
                with attached(old) as writing:
                    _keep_memory_apart(writing)
                    storage.attach(writing, new, "new", read_only=False)
                    emptied = _copy(writing, marks, commit)
                    _bury(writing, marks, noted_as)
                    writing.execute("use new")
                    if commit:
                        mirror.show(writing, commit.lake, commit.tables)
                    written(writing)
            tell("filling the lists of values anew")
            _apart(_refill, new, emptied, folder)
            tell("putting it in the place of the old one")
            roles = shares.existing()
            new.chmod(0o600)
            if commit:
                with storage.connect(new) as connection:
                    _keep_memory_apart(connection)
                    mirror.follow_with(connection, commit)
                commit.refuse_if_overtaken()
            _forget_copies(planned.subjects, finder, roles)
            if commit:
                mirror.put_with_file(commit, new)
            else:
                new.replace(settings.warehouse())
        tell("writing the files of readers anew")
        _apart(publish)
        for role in roles:
            _apart(shares.build, role)
        tell("looking for anything that is left")
        return planned, prove(finder)


def prove(finder: Finder) -> dict[str, int]:
    """Looks for identifiers in the values of every table, and in the bytes of every file.

    Returns:
        How much was looked through: `tables`, `values`, `files`, `bytes`, `identifiers`.

    Raises:
        NotProvedError: where something is left.
    """
    looked: Counter[str] = Counter(identifiers=len(finder.identifiers))
    left: list[str] = []
    # Part of a longer word that is somebody else's: in bytes the two cannot be told apart.
    others: set[int] = set()
    databases = [settings.warehouse(), settings.published()]
    databases += [shares.share_file(role) for role in shares.existing()]

    def look_through(
        cursor: duckdb.DuckDBPyConnection, table: TableOf
    ) -> tuple[int, set[int], list[str]]:
        values, numbers, columns = 0, set(), []
        listed = f"select {table.texts} from {table.sql}"
        for batch, found in holdings.looked_through(cursor, listed, table.telling, finder):
            values += batch.num_rows * len(found)
            numbers |= {number for hits in found.values() for number, _ in hits}
            columns += [name for name, hits in found.items() if any(h.is_whole for _, h in hits)]
        return values, numbers, [f"{table.label}.{name}" for name in columns]

    def look_in(
        connection: duckdb.DuckDBPyConnection, name: str, tables: Sequence[TableOf]
    ) -> None:
        connection.execute("set TimeZone = 'UTC'")
        looked["tables"] += len(tables)
        telling = [table for table in tables if table.telling]
        for values, numbers, columns in storage.side_by_side(connection, look_through, telling):
            looked["values"] += values
            others.update(numbers)
            left.extend(f"{name}: {column}" for column in columns)

    for file in filter(Path.exists, databases):
        with storage.connect(file, read_only=True) as connection:
            look_in(connection, file.name, holdings.tables(connection))
    chosen = lake.chosen()
    if chosen:
        manifest = chosen.manifest()
        with storage.in_memory() as connection:
            mirror.show_every_version(connection, chosen, manifest)
            look_in(connection, "the lake", holdings.views(connection))
        # Compressed as they are, their bytes tell nothing: every one has to be looked through.
        sizes = chosen.sizes()
        left += [f"the lake: {path}" for path in sorted(set(sizes) - manifest.paths)]
        looked["files"] += len(sizes)
        looked["bytes"] += sum(sizes.values())
    for file in written_files():
        looked["files"] += 1
        looked["bytes"] += file.stat().st_size
        # Every value of a database was looked at; in its bytes two of them can make up a number.
        chance = finder.by_chance if file in databases else set()
        if finder.in_file(file) - others - chance:
            left.append(file.name)
    if left:
        raise NotProvedError(
            "something of them is left in " + ", ".join(list(dict.fromkeys(left))[:10])
        )
    return dict(looked)


def written_files() -> Iterator[Path]:
    """Every file the project writes that can hold something of somebody."""
    warehouse = settings.warehouse()
    beside = sorted(warehouse.parent.glob(f"{warehouse.stem}*"))
    folders = [
        settings.shares(),
        settings.receipts(),
        settings.requests(),
        settings.incidents(),
        settings.dbt_target(),
        settings.dbt_logs(),
        settings.spark(),
    ]
    for place in [*beside, *folders]:
        if place.is_dir():
            yield from (file for file in sorted(place.rglob("*")) if file.is_file())
        elif place.is_file() and place != keys.key_file():
            yield place


def signature(receipt: dict[str, Any]) -> str:
    """What signs a receipt: a keyed hash of all else that is in it."""
    told = {name: value for name, value in receipt.items() if name != "signature"}
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hmac.new(keys.hashing_key(), canonical.encode(), sha256).hexdigest()


@contextmanager
def attached(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection whose current database is a file of `mirror.whole`, which it cannot change."""
    with storage.in_memory() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set preserve_insertion_order = true")
        storage.attach(connection, file, "old")
        connection.execute("use old")
        yield connection


def plan_in(connection: duckdb.DuckDBPyConnection, identifiers: Sequence[str]) -> Plan:
    """What erasing these people would remove, also as `temp.held` and `temp.mentions`."""
    subjects = find(connection, identifiers)
    finder = finder_of(subjects)
    holdings.mark_raw_rows(connection, subjects)
    holdings.mark_quarantined(connection, finder)
    holdings.mark_modelled_rows(connection, subjects)
    holdings.mark_mentions(connection, finder)
    return marked(connection, subjects, finder)


def marked(connection: duckdb.DuckDBPyConnection, subjects: list[Subject], finder: Finder) -> Plan:
    """What is in `temp.held` and `temp.mentions`, counted."""
    rows = connection.execute(
        "select relation, count(distinct row_id) from temp.held group by relation order by relation"
    ).fetchall()
    mentions = connection.execute(
        "select relation, count(*) from temp.mentions group by relation order by relation"
    ).fetchall()
    shared = sum(one.shared for one in subjects)
    return Plan(subjects, dict(rows), dict(mentions), shared, finder)


def finder_of(subjects: Sequence[Subject]) -> Finder:
    """Looks for all that people are known by."""
    told: set[str] = set()
    for subject in subjects:
        told |= subject.ids | subject.identifiers | subject.record_keys
        told |= {record_id for _, record_id in subject.records}
    return Finder(told)


def _marks(connection: duckdb.DuckDBPyConnection) -> Marks:
    """What goes, for the connection that writes."""
    holdings.mark_past(connection)
    keys.install(connection)
    buried = connection.execute(
        "select keyed_hash(mark) as tombstone, max(kind) as kind from temp.marks "
        "where mark is not null group by mark"
    ).to_arrow_table()
    mended = connection.execute("select * from temp.mentions").to_arrow_table()
    return Marks(holdings.held_rows(connection), mended, buried)


def _keep_memory_apart(connection: duckdb.DuckDBPyConnection) -> None:
    """Has the blocks of files lie in memory that nothing else was in.

    DuckDB writes blocks of compressed text whole: what lay in the memory of their unused end before
    gets into the file, such as text of somebody who was looked for (duckdb issue 23382).
    """
    ((limit,),) = connection.execute("select current_setting('memory_limit')").fetchall()
    connection.execute(f"set block_allocator_memory = {literal(limit)}")


def _apart(function: Callable[..., Any], *arguments: Any) -> None:
    """Calls a function in a process of its own, in whose memory nobody is who was erased."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        processes.submit(function, *arguments).result()


def _copy(connection: duckdb.DuckDBPyConnection, marks: Marks, commit: Commit | None) -> list[str]:
    """Copies all but what is held of the subjects; returns the models that were left empty.

    Those are lists of values that do not say whose a value is: they are made anew of what is left.
    Of raw records in a lake, the files are written anew that have anything of the subjects.
    """
    connection.execute("copy from database old to new (schema)")
    in_lake = {
        name: {file.path: file for file in table.files}
        for name, table in (commit.tables.items() if commit else ())
        if table.kind != "kept"
    }
    for name in in_lake:
        connection.execute(f"drop table new.{lake.quoted_name(name)}")
    classes = declared_classes()
    emptied, copied = [], []
    for table in holdings.tables(connection):
        is_personal = any(
            classes.get((table.schema, table.name, name), "none") not in ("none", "behavioural")
            for name in table.columns
        )
        if table.schema == "intermediate" and is_personal and not holdings.has_owner(table):
            emptied.append(table.name)
        else:
            copied.append(table)
    mended = defaultdict(set)
    for relation, name in zip(*marks.mended.select(["relation", "column_name"]), strict=True):
        mended[relation.as_py()].add(name.as_py())

    def copy(cursor: duckdb.DuckDBPyConnection, table: TableOf) -> None:
        label = literal(table.label)
        replaced = ", ".join(
            f"case when map_contains(mended.values, {literal(name)}) "
            f"then cast(mended.values[{literal(name)}] as {table.columns[name]}) "
            f"else held.{quoted(name)} end as {quoted(name)}"
            for name in sorted(mended.get(table.label, ()))
        )
        joined = (
            " left join (select row_id, map(list(column_name), list(value)) as values "
            f"from mended_values where relation = {label} group by row_id) as mended "
            "on held.rowid = mended.row_id"
        )
        theirs = f"(select row_id from held_rows where relation = {label})"
        kept = (
            f"select held.*{f' replace ({replaced})' if replaced else ''} "
            f"from {table.sql} as held{joined if replaced else ''} "
            f"where held.rowid not in {theirs}"
        )
        if commit is None or table.label not in in_lake:
            # The new file has no name yet that models know: `new` stands for it.
            cursor.execute(f"insert into new.{table.sql} by position {kept}")
            return
        concerned = cursor.execute(
            f"select distinct {lake.FILE} from {table.sql} where rowid in {theirs} "
            f"or rowid in (select row_id from mended_values where relation = {label}) order by all"
        ).fetchall()
        for (path,) in concerned:
            rows = (
                f"select * exclude ({lake.FILE}) from ({kept}) where {lake.FILE} = {literal(path)}"
            )
            commit.rewrite(cursor, table.label, in_lake[table.label][path], rows)

    given = {"held_rows": marks.held, "mended_values": marks.mended}
    for _ in storage.side_by_side(connection, copy, copied, **given):
        pass
    return emptied


def _requests(
    connection: duckdb.DuckDBPyConnection, subjects: Sequence[Subject], asked: register.Asked
) -> list[Row]:
    """The request of each subject as it will be, once they are erased."""
    rows: list[Row] = []
    for subject in subjects:
        row = register.note(connection, "erase", subject, asked)
        taken = {other["request_id"] for other in rows}
        if row["request_id"] in taken:
            row["request_id"] = register.new_id(connection, taken)
        rows.append(row | {"completed_at": register.now(), "outcome": "erased"})
    return rows


def _bury(connection: duckdb.DuckDBPyConnection, marks: Marks, noted_as: str) -> None:
    """Writes tombstones of all that was erased to the new warehouse."""
    connection.register("buried", marks.buried)
    connection.execute(
        f"""
        insert into new.{privacy.SCHEMA}.tombstones (tombstone, kind, request_id, erased_at)
        select tombstone, kind, ?, ?
        from buried
        where tombstone not in (select tombstone from new.{privacy.SCHEMA}.tombstones)
        """,
        [noted_as, register.now()],
    )


def _refill(new: Path, emptied: Sequence[str], folder: Path) -> None:
    """Runs the models of the lists of values on the new warehouse."""
    if not emptied:
        return
    code = dbt(
        "run", "--quiet", "--select", *emptied,
        "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"),
        warehouse=new,
    )  # fmt: skip
    if code:
        raise NotProvedError("the lists of values could not be made anew; nothing was erased")


def _forget_copies(subjects: Sequence[Subject], finder: Finder, roles: Sequence[str]) -> None:
    """Removes what was copied or written of the subjects beside the warehouse."""
    settings.published().unlink(missing_ok=True)
    for role in roles:
        shares.share_file(role).unlink(missing_ok=True)
    # What Spark built, and what a load or a drill that was killed has left.
    for folder in (settings.spark(), pipeline.working_folder(), storage.scratch_folder("drill")):
        shutil.rmtree(folder, ignore_errors=True)
    for request_id in _answered(subjects):
        shutil.rmtree(settings.requests() / request_id, ignore_errors=True)
    for place in (settings.dbt_target(), settings.dbt_logs(), settings.requests()):
        for file in sorted(place.rglob("*")) if place.is_dir() else ():
            if file.is_file() and finder.in_file(file):
                file.unlink()
    decisions = seed_file("decisions", "identity")
    for file in (decisions, *sorted(settings.incidents().rglob("*.csv"))):
        forget_lines(file, finder)


def _answered(subjects: Sequence[Subject]) -> list[str]:
    """Requests of the subjects, by what they are under in the register."""
    theirs = [one for subject in subjects for one in register.hashes(subject)]
    with storage.connect(settings.warehouse(), read_only=True) as connection:
        rows = connection.execute(
            f"select request_id from {register.TABLE} where list_contains(?, subject)", [theirs]
        ).fetchall()
    return [request_id for (request_id,) in rows]


def forget_lines(file: Path, finder: Finder) -> None:
    """Takes the rows that name a subject out of a CSV file. Whoever may read it stays the same."""
    with file.open(newline="", encoding="utf-8") as text:
        rows = list(csv.reader(text))
    kept = [row for row in rows if not finder.in_bytes("\n".join(row).encode())]
    if len(kept) == len(rows):
        return
    unfinished = file.with_name(file.name + ".new")
    with private_file(unfinished) as text:
        csv.writer(text, lineterminator="\n").writerows(kept)
    unfinished.chmod(file.stat().st_mode)
    unfinished.replace(file)


def receipt(told: Row, planned: Plan, proof: dict[str, int]) -> Path:
    """Writes a signed receipt of what was removed; `told` begins with its id."""
    rows: Counter[str] = Counter()
    for relation, number in planned.rows.items():
        rows[relation.split(".")[0]] += number
    signed: Row = {
        **told,
        "rows_removed": dict(rows),
        "mentions_removed": sum(planned.mentions.values()),
        "proof": {**proof, "found": 0},
    }
    signed["signature"] = signature(signed)
    file = settings.receipts() / f"{next(iter(told.values()))}.json"
    file.parent.mkdir(mode=0o700, exist_ok=True)
    with private_file(file) as stream:
        json.dump(signed, stream, indent=2)
        stream.write("\n")
    return file
