"""Software that is open to attack: where it is locked, whether it is affected, how to move."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from scripts.incident.exposure import IncidentError
from scripts.terminal import shown

LOCKS = ("requirements.lock", "requirements-dev.lock")
PROJECT_FILE = "pyproject.toml"


@dataclass(frozen=True)
class Place:
    """Somewhere that has a version of a package.

    Args:
        where: a lock file, or `installed`.
        version: the version.
        is_affected: whether it is among those affected.
    """

    where: str
    version: str
    is_affected: bool


@dataclass(frozen=True)
class Component:
    """A package, and what it takes to get rid of what is wrong with it.

    Args:
        package: its name.
        places: where which version of it is.
        dependents: installed packages that ask for it.
        moves: what to do, in order.
    """

    package: str
    places: list[Place]
    dependents: list[str]
    moves: list[str]

    @property
    def is_affected(self) -> bool:
        """Whether an affected version is locked or installed."""
        return any(place.is_affected for place in self.places)


def examine(package: str, affected: str, fixed_in: str | None, folder: Path) -> Component:
    """Looks a package up in the lock files and among what is installed.

    Args:
        package: its name.
        affected: versions affected, such as `<1.5.6`.
        fixed_in: the first version that is not.
        folder: where the lock files and pyproject.toml are.

    Raises:
        IncidentError: versions that are none, or a package that is nowhere.
    """
    try:
        versions = SpecifierSet(affected)
    except InvalidSpecifier:
        raise IncidentError(
            f"--affected {affected} is no range of versions: write '<1.5.6' or '>=1.4,<1.5.6'"
        ) from None
    fixed = _version(fixed_in)
    if fixed and versions.contains(fixed, prereleases=True):
        raise IncidentError(f"--fixed-in {fixed} is itself among those affected, {affected}")
    name = canonicalize_name(package)
    found = [
        Place(where, version, versions.contains(Version(version), prereleases=True))
        for where, version in [*_locked(folder, name), *_installed(name)]
    ]
    if not found:
        raise IncidentError(
            f"no package {package} is locked in {', '.join(LOCKS)} or installed: is it its name "
            "on the package index?"
        )
    asked_by = _dependents(name)
    return Component(name, found, sorted(asked_by), list(_moves(folder, name, fixed, asked_by)))


def _version(written: str | None) -> Version | None:
    try:
        return Version(written) if written else None
    except InvalidVersion:
        raise IncidentError(f"--fixed-in {written} is no version: write it as 1.5.6") from None


def _locked(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    for lock in LOCKS:
        file = folder / lock
        if not file.exists():
            raise IncidentError(f"{shown(file)} is not there: `make lock` writes it")
        for line in file.read_text("utf-8").splitlines():
            if not line or line.startswith((" ", "#", "-")):
                continue
            try:
                locked = Requirement(line.removesuffix("\\").strip())
            except InvalidRequirement:
                raise IncidentError(f"{shown(file)} has a line that pins nothing: {line}") from None
            if canonicalize_name(locked.name) == name:
                for pin in locked.specifier:
                    yield lock, pin.version


def _installed(name: str) -> Iterator[tuple[str, str]]:
    try:
        yield "installed", metadata.version(name)
    except metadata.PackageNotFoundError:
        return


def _dependents(name: str) -> dict[str, Requirement]:
    """What each installed package that needs this one asks of it."""
    found: dict[str, Requirement] = {}
    for distribution in metadata.distributions():
        for written in distribution.requires or ():
            asked = Requirement(written)
            if canonicalize_name(asked.name) == name and (
                asked.marker is None or asked.marker.evaluate({"extra": ""})
            ):
                found[canonicalize_name(distribution.metadata["Name"])] = asked
    found.pop(name, None)
    return found


def _moves(
    folder: Path, name: str, fixed: Version | None, asked_by: dict[str, Requirement]
) -> Iterator[str]:
    """What to do, in order, to have a version that is not affected."""
    target = f"{name} {fixed}" if fixed else f"a version of {name} that is not affected"
    with (folder / PROJECT_FILE).open("rb") as file:
        project = tomllib.load(file)["project"]
    ours = canonicalize_name(project["name"])
    groups = [project["dependencies"], *project.get("optional-dependencies", {}).values()]
    pins = [
        asked
        for written in [one for group in groups for one in group]
        if canonicalize_name((asked := Requirement(written)).name) == name
    ]
    for pin in pins:
        if fixed is None:
            yield f"see that {pin} in {PROJECT_FILE} lets in {target}"
        elif not pin.specifier.contains(fixed, prereleases=True):
            yield f"change {pin} in {PROJECT_FILE}, which keeps {target} out"
        else:
            yield f"leave {pin} in {PROJECT_FILE}: it lets in {target}"
    if not pins:
        yield f"{PROJECT_FILE} does not name {name}: name {name}>={fixed or 'the version'} there"
    for dependent, asked in sorted(asked_by.items()):
        if fixed and dependent != ours and not asked.specifier.contains(fixed, prereleases=True):
            yield (
                f"{dependent} asks for {name}{asked.specifier}: take a version of it that lets in "
                f"{target}, or do without it until there is one"
            )
    yield f"`make lock`, and see that both lock files have {target}"
    yield "`make test`"
