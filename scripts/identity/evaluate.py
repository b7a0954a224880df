"""`cdi identity evaluate`: who is who, held against a truth."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from ingestion import settings, storage
from scripts.identity import builds, disagreements
from scripts.identity.builds import visible
from scripts.identity.disagreements import Disagreements, Example
from scripts.identity.evidence import IdentityError
from scripts.identity.measures import Agreement, agreement
from scripts.identity.truth import read_truth
from scripts.terminal import console, count, errors, share, shown


@dataclass(frozen=True)
class Evaluation:
    """How well a build agrees with a truth.

    Args:
        truth: the file.
        truth_record_count: records it names.
        unknown: of these, those the build has no record of, by source.
        without_truth: records of the build that the truth does not name, by source.
        agreement: measured over the records that are in both.
        over_merges: customers and accounts with records of several true entities.
        splits: true entities with records in several customers or accounts.
    """

    truth: str
    truth_record_count: int
    unknown: dict[str, int]
    without_truth: dict[str, int]
    agreement: Agreement
    over_merges: Disagreements
    splits: Disagreements


def evaluate_command(
    truth: Annotated[
        Path,
        typer.Argument(
            metavar="TRUTH.csv",
            help="CSV with `source` and `record_id` (or `record_key`) and the true cluster.",
        ),
    ],
    cluster: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="True cluster, where it is not the only column left."),
    ] = None,
    examples: Annotated[int, typer.Option(min=0, help="Worst errors shown of each kind.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, and nothing else.")] = False,
) -> None:
    """Compare who is who with a truth: precision, recall, F1, and what is wrong by kind.

    Persons and organizations count together. Errors are shown by ids and record keys alone;
    `cdi identity explain` tells why two records are one.
    """
    try:
        evaluation = evaluated(truth, cluster, examples)
    except IdentityError as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    if as_json:
        console.out(json.dumps(_plain(evaluation), ensure_ascii=False, indent=2))
    else:
        console.print(_shown(evaluation))


def evaluated(truth: Path, cluster: str | None = None, examples: int = 5) -> Evaluation:
    """Compares the warehouse of the settings with a truth.

    Args:
        truth: a CSV file, as `read_truth` takes it.
        cluster: its column of the true cluster; needed where it is not the only one left.
        examples: how many errors of each kind are named at most.

    Raises:
        IdentityError: the truth or the warehouse cannot be read, or have no record in common.
    """
    needed = {**builds.PUBLISHED, **disagreements.DESCRIPTIONS}
    with (
        storage.in_memory() as connection,
        builds.attached(connection, settings.warehouse(), needed),
    ):
        builds.read_records(connection, "records")
        read_truth(connection, truth, cluster, "records")
        agreed = agreement(
            connection,
            "(select record, golden_id as cluster from records)",
            "(select record, true_id as cluster from truth)",
        )
        unknown = _by_source(connection, "truth", "records")
        if not agreed.record_count:
            raise IdentityError(
                f"{shown(truth.absolute())} names no record there is: its records are of "
                f"{', '.join(visible(source)[:40] for source in list(unknown)[:12])}; those there "
                "are, are listed in marts.xref_customer_records and marts.xref_account_records "
                "(a file's are `<dataset>:<key>` of the source `files`)"
            )
        connection.execute(
            """
            create temp table compared as
            select
                records.record,
                records.entity,
                records.record_key,
                records.golden_id,
                truth.true_id
            from records
            inner join truth using (record)
            """
        )
        return Evaluation(
            truth=shown(truth.absolute()),
            truth_record_count=agreed.record_count + agreed.true_only_count,
            unknown=unknown,
            without_truth=_by_source(connection, "records", "truth"),
            agreement=agreed,
            over_merges=disagreements.disagreements(connection, "golden_id", "true_id", examples),
            splits=disagreements.disagreements(connection, "true_id", "golden_id", examples),
        )


def _by_source(connection: duckdb.DuckDBPyConnection, table: str, other: str) -> dict[str, int]:
    """Records of one table that the other has not, by source."""
    rows = connection.execute(
        f"select source, count(*) from {table} anti join {other} using (record) "
        "group by source order by source"
    ).fetchall()
    return dict(rows)


def _plain(evaluation: Evaluation) -> dict[str, object]:
    """What JSON can hold, with the counts that are worked out."""
    plain = dataclasses.asdict(evaluation)
    plain["agreement"] |= {
        "wrong_pairs": evaluation.agreement.wrong_pairs,
        "missed_pairs": evaluation.agreement.missed_pairs,
    }
    return plain


def _shown(evaluation: Evaluation) -> RenderableType:
    return Group(
        *_coverage(evaluation),
        "",
        _scores(evaluation.agreement),
        "",
        *_errors(evaluation),
    )


def _coverage(evaluation: Evaluation) -> Iterator[str]:
    agreed = evaluation.agreement
    yield (
        f"[bold]{escape(visible(evaluation.truth))}[/bold]  "
        f"{count(evaluation.truth_record_count)} records, of which {count(agreed.record_count)} "
        f"are here: {count(agreed.true_cluster_count)} true entities, found as "
        f"{count(agreed.found_cluster_count)} customers and accounts"
    )
    if evaluation.unknown:
        yield f"not here, and not counted: {_told(evaluation.unknown)}"
    if evaluation.without_truth:
        yield f"without a truth, and not counted: {_told(evaluation.without_truth)}"


def _told(by_source: dict[str, int]) -> str:
    listed = [f"{escape(visible(source)[:40])} {count(number)}"
              for source, number in list(by_source.items())[:12]]  # fmt: skip
    more = len(by_source) - len(listed)
    return ", ".join(listed) + (f" and {count(more)} sources more" if more else "")


def _scores(agreed: Agreement) -> Table:
    table = _table("", "precision", "recall", "F1")
    for name, score in (("pairwise", agreed.pairwise), ("B³", agreed.b_cubed)):
        table.add_row(name, *map(_exact, (score.precision, score.recall, score.f1)))
    return table


def _exact(score: float) -> str:
    """Four digits, rounded down so that 1.0000 is said of nothing less."""
    return f"{int(score * 10_000 + 1e-6) / 10_000:.4f}"


def _errors(evaluation: Evaluation) -> Iterator[RenderableType]:
    merged, split = evaluation.over_merges, evaluation.splits
    if not merged.holder_count and not split.holder_count:
        yield "every customer and account is what the truth says"
        return
    if merged.holder_count:
        yield (
            f"[bold]wrong pairs[/bold]  {count(merged.pair_count)}: "
            f"{count(merged.holder_count)} customers and accounts hold records of "
            f"{count(merged.part_count)} true entities"
        )
        yield from _examples(merged.examples, "true entity")
    if split.holder_count:
        yield (
            f"[bold]missed pairs[/bold]  {count(split.pair_count)}: "
            f"{count(split.holder_count)} true entities are spread over "
            f"{count(split.part_count)} customers and accounts"
        )
        yield from _examples(split.examples, "customer")
    yield ""
    yield from _likenesses(merged, split)


def _examples(examples: list[Example], part_name: str) -> Iterator[RenderableType]:
    if not examples:
        return
    table = _table("", "pairs", part_name, "records", left=(0, 2))
    table.add_column("such as", overflow="fold")
    for example in examples:
        name = escape(visible(example.cluster))
        pair_count = count(example.pair_count)
        for part in example.parts:
            keys = ", ".join(escape(visible(key)) for key in part.record_keys)
            more = part.record_count > len(part.record_keys)
            table.add_row(name, pair_count, escape(visible(part.cluster)),
                          count(part.record_count), keys + (", …" if more else ""))  # fmt: skip
            name = pair_count = ""
        if example.part_count > len(example.parts):
            table.add_row("", "", f"and {count(example.part_count - len(example.parts))} more")
    yield table


def _likenesses(merged: Disagreements, split: Disagreements) -> Iterator[RenderableType]:
    """Both kinds of pairs side by side: what joins the wrong ones, and parts those missed."""
    sides = {"wrong pairs": merged, "missed pairs": split}
    counted = [
        {(each.attribute, each.relation): each.pair_count for each in side.likenesses}
        for side in sides.values()
    ]
    table = _table("the two records", "", *sides, left=(0, 1))
    attribute = ""
    for kind in disagreements.KINDS:
        if not any(kind in side for side in counted):
            continue
        cells = [
            f"{count(of_side.get(kind, 0))} {share(of_side.get(kind, 0) / side.looked_at_count):>6}"
            if side.looked_at_count
            else ""
            for of_side, side in zip(counted, sides.values(), strict=True)
        ]
        table.add_row("" if kind[0] == attribute else kind[0], kind[1], *cells)
        attribute = kind[0]
    yield table
    for name, side in sides.items():
        if side.looked_at_count < side.pair_count:
            yield (
                f"[dim]of {count(side.pair_count)} {name}, {count(side.looked_at_count)} drawn "
                "evenly were looked at[/dim]"
            )


def _table(*columns: str, left: tuple[int, ...] = (0,)) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for position, name in enumerate(columns):
        table.add_column(name, justify="left" if position in left else "right", overflow="fold")
    return table
