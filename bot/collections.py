"""Collections: each a corpus of its own, with its articles, its index versions and its settings.

A collection lies in ``ONRECORD_HOME/collections/<name>``. Nothing of one is ever answered,
counted or shown for a server that is tied to another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from bot.errors import CollectionNameError, NoCollectionError
from bot.settings import DEFAULT_COLLECTION, SHIPPED_ARTICLES
from index.live import LiveIndex
from index.versions import Versions

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings
    from index.manifest import Recipe

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
"""Names that Windows keeps for devices."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Where one collection lies.

    Attributes:
        name: small letters, digits, hyphens and underscores.
        folder: of everything that belongs to it.
        given: the folder of articles that the settings name for it; ``None`` for its own.
    """

    name: str
    folder: Path
    given: Path | None = None

    @classmethod
    def of(cls, settings: Settings, name: str = "") -> Collection:
        """The collection ``name``, or the one that ``settings`` name; it need not exist.

        Raises:
            CollectionNameError: if the name is none that a folder may have everywhere.
        """
        name = check_name(name or settings.corpus)
        is_given = name == DEFAULT_COLLECTION and "articles" in settings.model_fields_set
        folder = settings.home / "collections" / name
        return cls(name, folder, settings.articles if is_given else None)

    @property
    def own_articles(self) -> Path:
        """The folder of articles within its own folder."""
        return self.folder / "articles"

    @property
    def articles(self) -> Path:
        """The folder that its articles are read from, and added to.

        ``main`` has the one that ``ONRECORD_ARTICLES`` names; without one its own, as soon as
        there is one, and until then the articles that are shipped.
        """
        if self.given is not None:
            return self.given
        if self.name == DEFAULT_COLLECTION and not self.own_articles.is_dir():
            return SHIPPED_ARTICLES
        return self.own_articles

    @property
    def versions(self) -> Versions:
        """Its index versions."""
        return Versions(self.folder)

    def exists(self) -> bool:
        """Whether it was made; ``main`` is there from the start."""
        return self.name == DEFAULT_COLLECTION or self.own_articles.is_dir()

    def required(self) -> Collection:
        """This collection.

        Raises:
            NoCollectionError: if it was not made.
        """
        if not self.exists():
            raise NoCollectionError(self.name)
        return self

    def make(self) -> bool:
        """Make it, without articles. Returns whether it was new."""
        if self.exists():
            return False
        self.own_articles.mkdir(parents=True)
        return True


class Collections:
    """All collections, each opened when it is first asked for. Safe to share between threads.

    Args:
        settings: where they lie.
        recipe: what their versions must have been made with.
    """

    def __init__(self, settings: Settings, recipe: Recipe) -> None:
        self._settings = settings
        self._recipe = recipe
        self._lock = Lock()
        self._live: dict[str, LiveIndex] = {}

    def get(self, name: str = "") -> Collection:
        """The collection of that name, or the one that the settings name.

        Raises:
            CollectionNameError: if that is no name.
            NoCollectionError: if there is none of it.
        """
        return Collection.of(self._settings, name).required()

    def names(self) -> list[str]:
        """The names of all, ``main`` first."""
        return names(self._settings)

    def live(self, name: str = "") -> LiveIndex:
        """What is answered from in the collection of that name.

        Raises:
            CollectionNameError: if that is no name.
            NoCollectionError: if there is none of it.
        """
        collection = self.get(name)
        with self._lock:
            if collection.name not in self._live:
                self._live[collection.name] = LiveIndex(collection.versions, self._recipe)
            return self._live[collection.name]


def names(settings: Settings) -> list[str]:
    """The names of all collections, ``main`` first."""
    place = settings.home / "collections"
    found = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
    others = (name for name in found if name != DEFAULT_COLLECTION and is_name(name))
    made = [name for name in others if Collection.of(settings, name).exists()]
    return [DEFAULT_COLLECTION, *made]


def is_name(name: str) -> bool:
    """Whether a collection may have this name: a safe folder name on every system."""
    return bool(_NAME.fullmatch(name)) and not _RESERVED.fullmatch(name)


def check_name(name: str) -> str:
    """``name``, if a collection may have it.

    Raises:
        CollectionNameError: otherwise.
    """
    if not is_name(name):
        raise CollectionNameError(name)
    return name
