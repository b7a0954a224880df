"""What time zones are called, from the time zone database (tzdata) and CLDR (babel).

The few names no library has, those of Rails, are in `data/time_zone_nicknames.csv`.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from babel.core import get_global

from scripts.reference.keys import symbol_key

Row = dict[str, str]

ZONES = files("tzdata") / "zoneinfo"
DATA = Path(__file__).parent / "data"
# Whole hours for which there is a zone of a fixed offset, which the database names with the sign
# turned: Etc/GMT-1 is an hour ahead.
OFFSETS = range(-12, 15)


def seeds() -> dict[str, list[Row]]:
    """Rows of `reference/time_zone_aliases`."""
    return {
        "reference/time_zone_aliases": [
            {"alias": alias, "time_zone": zone} for alias, zone in sorted(aliases().items())
        ]
    }


def aliases() -> dict[str, str]:
    """Zone of each way to write one."""
    found: dict[str, str] = {}
    for written, zone in _named():
        found.setdefault(symbol_key(written), zone)
    return found


def _named() -> Iterator[tuple[str, str]]:
    zones = _zones()
    for written, zone in zones.items():
        yield written, zone
        yield written.replace("/", "_slash_"), zone  # as HubSpot has it
    for hours in OFFSETS:
        zone = f"Etc/GMT{-hours:+d}" if hours else "Etc/UTC"
        for base in ("UTC", "GMT", ""):
            for offset in (f"{hours:+d}", f"{hours:+03d}", f"{hours:+03d}:00", f"{hours:+03d}00"):
                yield base + offset, zone
    for written, zone in get_global("windows_zone_mapping").items():
        yield written, zones[zone]
    yield from _cities(zones)
    with (DATA / "time_zone_nicknames.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield row["alias"], zones[row["time_zone"]]


def _cities(zones: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The places zones are named after, those aside that are in several."""
    of: defaultdict[str, set[str]] = defaultdict(set)
    for zone in zones.values():
        if "/" in zone and not zone.startswith("Etc/"):
            of[zone.split("/")[-1].replace("_", " ")].add(zone)
    for city, found in of.items():
        if len(found) == 1:
            yield city, found.pop()


def _zones() -> dict[str, str]:
    """Every name in the database, and the one that stands for it.

    A name that was given up is replaced; one of a place that only keeps the time of another is not.
    """
    links = {
        alias: target
        for kind, *rest in (line.split(" ") for line in _lines("tzdata.zi"))
        if kind == "L"
        for target, alias in [rest]
    }
    current = {line.split("\t")[2] for line in _lines("zone.tab") if not line.startswith("#")}
    names = (files("tzdata") / "zones").read_text(encoding="utf-8").split()
    return {name: name if name in current else _end(name, links) for name in names}


def _end(name: str, links: dict[str, str]) -> str:
    while name in links:
        name = links[name]
    return "Etc/UTC" if name == "Etc/GMT" else name


def _lines(name: str) -> list[str]:
    return (ZONES / name).read_text(encoding="utf-8").splitlines()
