"""Lines of text files, none of them too long for memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

KEPT_BYTES = 1 << 25
"""Of a longer line no more than this is kept."""


def bounded(chunks: Iterable[bytes], line: int, lengths: dict[int, int]) -> Iterator[bytes]:
    """Text of which no line is longer than can be kept in memory.

    Args:
        chunks: the text.
        line: number of its first line.
        lengths: where the whole length of each line that was cut is written down, in bytes.
    """
    length = 0
    for chunk in chunks:
        newline = chunk.find(b"\n")
        end = len(chunk) if newline < 0 else newline
        kept = max(0, min(end, KEPT_BYTES - length))
        length += end
        if kept < end:
            lengths[line] = length
        if newline >= 0:
            line += chunk.count(b"\n")
            length = len(chunk) - chunk.rindex(b"\n") - 1
        yield chunk if kept == end else chunk[:kept] + chunk[end:]


def cut(length: int) -> tuple[str, str]:
    """Rule and detail of a record whose line was cut.

    Args:
        length: of the line, in bytes.
    """
    kept = f"the first {KEPT_BYTES >> 20} MiB are kept"
    return "oversize_record", f"{length >> 20} MiB long, {kept}"
