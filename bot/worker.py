"""The one crossing between asynchronous and synchronous code."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from bot.errors import BusyError, ClosingError, LateError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

T = TypeVar("T")


class Worker:
    """Runs synchronous functions in a few threads, so that the event loop never waits.

    Threads and not micro-batches: a query of one sentence keeps one core busy for some
    milliseconds, so putting several into one batch made the first wait for the last and brought
    no more a second; ``tests/benchmarks/embedding.py`` prints both.

    Args:
        threads: functions that run at the same time.
        waiting: functions that may wait beyond these.
        seconds: how long one may take, its waiting included.
    """

    def __init__(self, threads: int, waiting: int, seconds: float) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="onrecord")
        self._most = threads + waiting
        self._seconds = seconds
        self._taken = 0
        self._closed = False
        self._lock = Lock()

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """The result of ``function(*args)``, computed in a thread.

        Raises:
            BusyError: if too many are waiting already; nothing was run.
            ClosingError: if ``close`` was called; nothing was run.
            LateError: if it takes too long. A function that is running by then goes on in its
                thread, whose place is taken until it ends; one that still waits is not run.
        """
        future = self._submit(function, *args)
        try:
            async with asyncio.timeout(self._seconds) as limit:
                return await asyncio.wrap_future(future)
        except TimeoutError:
            if not limit.expired():
                raise  # the function's own
            raise LateError(self._seconds) from None
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # nobody waits for the result any more
            raise ClosingError from None

    def _submit(self, function: Callable[..., T], *args: object) -> Future[T]:
        with self._lock:
            if self._closed:
                raise ClosingError
            if self._taken >= self._most:
                raise BusyError
            self._taken += 1
            future = self._pool.submit(function, *args)
        future.add_done_callback(self._give_back)
        return future

    def _give_back(self, _: object) -> None:
        with self._lock:
            self._taken -= 1

    def close(self) -> None:
        """Run nothing more; what is running ends first, what waits is told so."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(cancel_futures=True)
