"""Shows audits in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from scripts.audit.findings import Audit, Change, ColumnAudit, Edit, TableAudit
from scripts.terminal import count, share

# What is shown of each audit; `--json` and `--html` have all.
EDITS = 15
COLUMNS = 100


def shown_audit(audit: Audit, with_columns: bool, width: int) -> RenderableType:
    """An audit as tables and lines.

    Args:
        audit: what to show.
        with_columns: each column, or else a line a table.
        width: characters a line may have; 80 or more look well.
    """
    parts: list[RenderableType] = [_title(audit)]
    parts += [f"[dim]{escape(remark)}[/dim]" for remark in audit.remarks]
    if with_columns:
        for table in audit.tables:
            parts += ["", _about(audit, table)]
            if table.row_count:
                parts += [_columns(table, width)]
    else:
        parts += ["", _tables(audit)]
    if audit.edits:
        parts += ["", *_edits(audit.edits, width)]
    if audit.changes and with_columns:
        parts += ["", _changes(audit.changes, width)]
    if audit.suspicions is not None:
        parts += ["", *_suspicions(audit)]
    if audit.proposal is not None:
        parts += ["", "[bold]entry for files.yml[/bold] (`--write` adds it)"]
        parts += [Syntax(audit.proposal.rstrip("\n"), "yaml", background_color="default")]
    return Group(*parts)


def _title(audit: Audit) -> str:
    facts = [f"{name} {value!r}" if name == "delimiter" else value
             for name, value in audit.written.items()]  # fmt: skip
    if audit.legacy_only:
        facts.append(f"{share(audit.legacy_only)} of its records only a legacy source knows")
    return f"[bold]{escape(audit.name)}[/bold]  {escape(', '.join(facts))}"


def _about(audit: Audit, table: TableAudit) -> str:
    facts = [f"{count(table.row_count)} rows", f"{len(table.columns)} columns"]
    if table.duplicate_count:
        facts.append(f"{count(table.duplicate_count)} repeat another but for their key")
    if audit.unreadable:
        facts.append(f"{count(sum(audit.unreadable.values()))} lines cannot be read")
    if table.last_touched_at is not None:
        facts.append(f"last touched {table.last_touched_at:%Y-%m-%d}")
        facts.append(f"{_share(table.untouched_count, table.dated_count)} not in a year")
    name = f"[bold]{escape(table.table_name)}[/bold]  " if audit.kind == "source" else ""
    return name + ", ".join(facts)


def _tables(audit: Audit) -> Table:
    shown = _table()
    shown.add_column("table", no_wrap=True)
    for name in ("rows", "columns", "filled", "valid", "duplicates", "not touched in a year"):
        shown.add_column(name, justify="right", no_wrap=True)
    for table in audit.tables:
        filled = sum(column.filled_count for column in table.columns)
        cells = sum(column.row_count for column in table.columns)
        valid = sum(column.valid_count for column in table.columns)
        shown.add_row(
            escape(table.table_name),
            count(table.row_count),
            count(len(table.columns)),
            _share(filled, cells),
            _share(valid, filled),
            count(table.duplicate_count),
            _share(table.untouched_count, table.dated_count),
        )
    return shown


def _columns(table: TableAudit, width: int) -> Table:
    shown = _table()
    shown.add_column("column", width=22, overflow="ellipsis", no_wrap=True)
    shown.add_column("could be", width=15, overflow="ellipsis", no_wrap=True)
    for name in ("filled", "valid", "different"):
        shown.add_column(name, width=max(6, len(name)), justify="right", no_wrap=True)
    shown.add_column("written", width=max(12, width - 68), overflow="ellipsis", no_wrap=True)
    for column in table.columns[:COLUMNS]:
        shown.add_row(
            escape(column.column_name),
            escape(column.canonical_attribute or ""),
            _share(column.filled_count, column.row_count),
            _share(column.valid_count, column.filled_count),
            count(column.distinct_count),
            _written(column),
        )
    if len(table.columns) > COLUMNS:
        shown.caption = f"and {count(len(table.columns) - COLUMNS)} more columns"
    return shown


def _written(column: ColumnAudit) -> Text:
    """The commonest formats with their share, and the commonest shapes."""
    formats = [
        f"{name} {_share(cells, column.filled_count)}"
        for name, cells in list(column.formats.items())[:2]
    ]
    text = Text(", ".join(formats))
    if column.shapes:
        text.append("  " + "  ".join(list(column.shapes)[:2]), style="dim")
    return text


def _edits(edits: list[Edit], width: int) -> Iterator[RenderableType]:
    shown = _table("edits needed" + (f", {EDITS} of {len(edits)}" if len(edits) > EDITS else ""))
    shown.add_column("of", width=23, overflow="ellipsis", no_wrap=True)
    shown.add_column("what to mend", width=max(24, width - 51), overflow="fold")
    shown.add_column("rule", width=24, overflow="fold", style="dim")
    for edit in edits[:EDITS]:
        shown.add_row(escape(edit.subject), escape(edit.edit_needed), escape(edit.rule))
    yield shown
    guides = sorted({edit.documentation.partition("#")[0] for edit in edits})
    yield f"[dim]rules: {', '.join(guides)}[/dim]"


def _changes(changes: list[Change], width: int) -> Table:
    shown = _table("what cleaning did, in cells")
    shown.add_column("of", width=23, overflow="ellipsis", no_wrap=True)
    for name in ("came", "kept", "changed", "filled in"):
        shown.add_column(name, min_width=len(name), justify="right", no_wrap=True)
    shown.add_column("what became of them", width=max(20, width - 62), overflow="fold")
    for change in changes:
        shown.add_row(
            escape(f"{change.entity} {change.attribute}"),
            count(change.received_count),
            count(change.kept_count),
            count(change.changed_count),
            count(change.filled_count),
            ", ".join(
                f"{count(cells)} {outcome.replace('_', ' ')}"
                for outcome, cells in change.outcomes.items()
                if cells
            ),
        )
    return shown


def _suspicions(audit: Audit) -> Iterator[str]:
    found = audit.suspicions
    if found is None:
        return
    reasons = ", ".join(f"{reason} {count(cells)}" for reason, cells in found.reasons.items())
    yield f"[bold]{count(found.cell_count)} cells look wrong[/bold]" + (
        f" ({escape(reasons)})" if reasons else ""
    )
    if found.dependencies:
        told = "; ".join(found.dependencies[:6])
        more = f"; and {len(found.dependencies) - 6} more" if len(found.dependencies) > 6 else ""
        yield f"[dim]columns found to depend on others: {escape(told)}{more}[/dim]"
    if found.columns:
        told = ", ".join(
            f"{name} {count(cells)}" for name, cells in list(found.columns.items())[:12]
        )
        yield f"in {escape(told)}" + (" …" if len(found.columns) > 12 else "")
    for note in found.notes:
        yield f"[dim]{escape(note)}[/dim]"


def _table(title: str | None = None) -> Table:
    return Table(
        box=None, header_style="bold", pad_edge=False, title=title, title_justify="left",
        title_style="bold", caption_justify="left",
    )  # fmt: skip


def _share(part: int, whole: int) -> str:
    return share(part / whole) if whole else ""
