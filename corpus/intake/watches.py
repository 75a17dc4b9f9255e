"""Which feeds and sitemaps are watched, and how far each was read: one JSON file."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.intake.locking import locked

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "watches.json"
MOST_SEEN = 20_000
"""Pages of one list that are remembered."""
MOST_FAILURES = 3
"""Failures in a row after which a watch is paused."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Watch:
    """A feed or sitemap that is looked at again and again.

    Attributes:
        url: its address.
        hours: between two looks.
        etag: of the list when it was last read.
        last_modified: likewise.
        next: when to look next, in UTC.
        failures: in a row.
        paused: why it is paused; empty if it is not.
        told: where to tell of it, as the chat platform names the place; empty for nowhere.
        seen: the pages read so far, each with the date that the list gave.
    """

    url: str
    hours: float
    etag: str = ""
    last_modified: str = ""
    next: datetime = _NEVER
    failures: int = 0
    paused: str = ""
    told: str = ""
    seen: dict[str, str] = field(default_factory=dict)

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be looked at."""
        return not self.paused and self.next <= now

    def failed(self, reason: str, now: datetime) -> Watch:
        """This after a failure: later by twice the time, paused after some."""
        failures = self.failures + 1
        later = now + timedelta(hours=self.hours * 2**failures)
        paused = reason if failures >= MOST_FAILURES else ""
        return replace(self, failures=failures, next=later, paused=paused)

    def resumed(self, now: datetime) -> Watch:
        """This, no longer paused, to be looked at now."""
        return replace(self, failures=0, paused="", next=now)

    def as_json(self) -> dict[str, Any]:
        """One object of ``onrecord corpus watches --json``; fields may be added, never go."""
        values = asdict(self) | {"next": self.next.isoformat(timespec="seconds")}
        return {name: values[name] for name in values if name != "seen"} | {"pages": len(self.seen)}


class WatchStore:
    """The watches of one collection, in a file of its folder. Safe to share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / FILE

    def all(self) -> dict[str, Watch]:
        """All watches by their addresses; none where the file is missing or broken."""
        try:
            found = json.loads(self._path.read_text("utf-8"))
            return {one["url"]: _watch(one) for one in found}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def put(self, watch: Watch) -> None:
        """Keep ``watch`` in place of the one of its address."""
        with self._changing() as watches:
            watches[watch.url] = watch

    def update(self, watch: Watch) -> None:
        """Keep ``watch``, unless it was taken away meanwhile."""
        with self._changing() as watches:
            if watch.url in watches:
                watches[watch.url] = watch

    def remove(self, url: str) -> bool:
        """Take the watch of ``url`` away; tells whether there was one."""
        with self._changing() as watches:
            return watches.pop(url, None) is not None

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Watch]]:
        with locked(self._folder, "the watched feeds"):
            watches = self.all()
            yield watches
            self._write([_written(watch) for watch in watches.values()])

    def _write(self, values: list[dict[str, Any]]) -> None:
        handle, name = tempfile.mkstemp(prefix=".writing-", dir=self._folder)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            json.dump(values, opened, ensure_ascii=False, indent=1)
        Path(name).replace(self._path)


_NAMES = {one.name for one in fields(Watch)}


def _watch(values: dict[str, Any]) -> Watch:
    known = {name: value for name, value in values.items() if name in _NAMES}
    return Watch(**(known | {"next": datetime.fromisoformat(values["next"])}))


def _written(watch: Watch) -> dict[str, Any]:
    seen = dict(list(watch.seen.items())[-MOST_SEEN:])
    return asdict(watch) | {"next": watch.next.isoformat(), "seen": seen}
