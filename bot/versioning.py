"""The versions of a collection: which there are, and going back to one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import NoVersionError
from index.errors import DamagedIndexError
from index.manifest import Manifest

if TYPE_CHECKING:
    from pathlib import Path

    from bot.collections import Collection
    from index.manifest import Recipe

_HELD = "held"
"""File in the folder of a collection: the version that somebody went back to."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version that is kept.

    Attributes:
        name: its name.
        current: whether it is in use.
        created: when it was made, in ISO 8601 and UTC; empty where it cannot be read.
        articles: how many it holds.
        passages: how many it holds.
    """

    name: str
    current: bool
    created: str = ""
    articles: int = 0
    passages: int = 0

    def as_json(self) -> dict[str, Any]:
        """What ``onrecord corpus versions --json`` prints of it."""
        return asdict(self)


def versions_of(collection: Collection) -> list[Version]:
    """All versions that are kept, newest first."""
    current = collection.versions.current()
    return [_version(collection, name, current) for name in reversed(collection.versions.names())]


def _version(collection: Collection, name: str, current: str | None) -> Version:
    try:
        manifest = Manifest.read(collection.versions.path(name))
    except DamagedIndexError:
        return Version(name, name == current)
    counts = manifest.counts
    return Version(name, name == current, manifest.created, counts["articles"], counts["passages"])


def roll_back(collection: Collection, name: str = "", recipe: Recipe | None = None) -> Version:
    """Make an earlier version the current one, by one rename.

    Args:
        collection: the collection.
        name: of the version, or the beginning of it; without one, the version before the current.
        recipe: what it must have been made with, to be of use.

    Returns:
        The version that is in use now. Reindexing by schedule leaves it, unless it is the newest;
        somebody has to do it.

    Raises:
        NoVersionError: if there is no such version.
        SearchIndexError: if it is damaged or was made with another model, or if somebody is
            building. The current version stays.
    """
    versions = collection.versions
    name = _meant(collection, name)
    manifest = Manifest.read(versions.path(name))
    manifest.check(versions.path(name), thoroughly=True)
    if recipe is not None:
        manifest.check_recipe(recipe)
    versions.select(name)
    if name == versions.names()[-1]:
        let_go(collection)  # the newest is where a build would have gone
    else:
        _hold(collection.folder, name)
    return _version(collection, name, versions.current())


def _meant(collection: Collection, wanted: str) -> str:
    names, current = collection.versions.names(), collection.versions.current()
    if wanted:
        found = [name for name in names if name == wanted] or [
            name for name in names if name.startswith(wanted) or name.lstrip("0").startswith(wanted)
        ]
    else:
        found = [name for name in names if current is not None and name < current][-1:]
    if len(found) != 1:
        raise NoVersionError(wanted, names)
    return found[0]


def _hold(folder: Path, name: str) -> None:
    (folder / _HELD).write_text(name + "\n", "utf-8")


def held(collection: Collection) -> str:
    """The version that somebody went back to, as long as it is the current one; else empty."""
    try:
        name = (collection.folder / _HELD).read_text("utf-8").strip()
    except OSError:
        return ""
    return name if name == collection.versions.current() else ""


def let_go(collection: Collection) -> None:
    """Somebody goes forward again."""
    with suppress(OSError):
        (collection.folder / _HELD).unlink()
