"""The snapshot that questions are answered from, exchanged when a new version is published."""

from __future__ import annotations

import logging
from threading import Lock
from typing import TYPE_CHECKING

from index.errors import SearchIndexError
from index.snapshot import Snapshot, open_current

if TYPE_CHECKING:
    from index.manifest import Recipe
    from index.versions import Versions

_log = logging.getLogger(__name__)


class LiveIndex:
    """Hands out the current version. Safe to share between threads.

    Whoever has a snapshot keeps it as long as needed; its files close with the last one who does.

    Attributes:
        versions: all versions of the collection.
    """

    def __init__(self, versions: Versions, recipe: Recipe) -> None:
        self.versions = versions
        self._recipe = recipe
        self._lock = Lock()
        self._seen: str | None = None
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        """The current version, opened when it is first asked for.

        Raises:
            SearchIndexError: if there is none that can be used; see ``open_current``. Once one
                is open, a later version that cannot be used leaves it in its place.
        """
        with self._lock:
            if self._snapshot is None:
                # Before it is opened, so that one published meanwhile is opened next time.
                self._seen = self.versions.current()
                self._snapshot = open_current(self.versions, self._recipe)
            else:
                self._snapshot = self._newer(self._snapshot)
            return self._snapshot

    def _newer(self, held: Snapshot) -> Snapshot:
        """The current version if it is another one than was seen last; otherwise ``held``."""
        try:
            current = self.versions.current()
            if current == self._seen:
                return held
            self._seen = current
            return open_current(self.versions, self._recipe)
        except SearchIndexError as error:
            _log.error("staying with index version %s: %s", held.manifest.version, error)
            return held
