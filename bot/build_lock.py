"""One build of a collection at a time, whatever process it runs in; and how far it is."""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from bot.errors import BuildRunningError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = "building.lock"
_STATE = "building.json"
_PATIENCE = 2.0
"""Seconds to wait for the lock: whoever only looks whether it is held has it for a moment."""


@dataclass(frozen=True, slots=True)
class Running:
    """A build that is under way.

    Attributes:
        who: for whom.
        started: seconds since 1970.
        done: characters of articles that are finished.
        total: characters of all articles; 0 while the model is loaded.
    """

    who: str
    started: float
    done: int = 0
    total: int = 0

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return 100 * self.done // self.total if self.total else 0


class BuildLock:
    """The right to build one collection.

    Args:
        folder: of the collection.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._state: Running | None = None

    @contextmanager
    def held(self, who: str) -> Iterator[BuildLock]:
        """Be the only one who builds.

        Raises:
            BuildRunningError: if somebody builds already, naming them and how far they are.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._folder / _LOCK, timeout=_PATIENCE):
                self._write(Running(who, time.time()))
                try:
                    yield self
                finally:
                    with suppress(OSError):
                        (self._folder / _STATE).unlink()
        except Timeout:
            running = self._read() or Running("", time.time())
            raise BuildRunningError(running.who, running.percent) from None

    def tell(self, done: int, total: int) -> None:
        """Keep how far the build is, for whoever asks."""
        assert self._state is not None, "only whoever holds the lock knows"
        self._write(replace(self._state, done=done, total=total))

    def running(self) -> Running | None:
        """The build that is under way in any process; ``None`` if there is none."""
        if not (self._folder / _STATE).exists():
            return None
        try:
            with FileLock(self._folder / _LOCK, timeout=0):
                return None  # left by a process that was killed
        except Timeout:
            return self._read()

    def _write(self, state: Running) -> None:
        self._state = state
        with suppress(OSError):  # it is only told; the build goes on without
            partial = self._folder / f"{_STATE}.{os.getpid()}"
            partial.write_text(json.dumps(asdict(state)), "utf-8")
            partial.replace(self._folder / _STATE)

    def _read(self) -> Running | None:
        try:
            return Running(**json.loads((self._folder / _STATE).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
