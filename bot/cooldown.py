"""So many questions a minute from one member, and from one server."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW = 60.0
"""Seconds that a limit is for."""


class Cooldown:
    """Counts what happened in the last minute, for each key on its own.

    Args:
        limit: how often it may happen within ``WINDOW``.
        clock: the time in seconds.
    """

    def __init__(self, limit: int, clock: Callable[[], float]) -> None:
        self.limit = limit
        self._clock = clock
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)

    def wait(self, key: str) -> float:
        """Seconds to wait until it may happen again; 0 if it may now. Counts nothing."""
        self._expire()
        times = self._times.get(key)
        if times is None or len(times) < self.limit:
            return 0.0
        return times[0] + WINDOW - self._clock()

    def count(self, key: str) -> None:
        """It happens now."""
        self._times[key].append(self._clock())

    def _expire(self) -> None:
        """Forget what is older than a minute, and the keys of which nothing is left."""
        oldest = self._clock() - WINDOW
        for key, times in list(self._times.items()):
            while times and times[0] <= oldest:
                times.popleft()
            if not times:
                del self._times[key]
