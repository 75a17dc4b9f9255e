"""The worker: bounded, with a time limit, and nothing lost when it is cancelled or closed."""

from __future__ import annotations

import asyncio
from threading import Barrier, Event, Thread, get_ident

import pytest

from bot.errors import BusyError, ClosingError, LateError
from bot.worker import Worker


@pytest.fixture
def release() -> Event:
    return Event()


async def _until_waiting(event: Event) -> None:
    while not event.is_set():  # noqa: ASYNC110 - set by another thread
        await asyncio.sleep(0.001)


async def test_a_function_runs_in_another_thread_and_gives_its_result() -> None:
    worker = Worker(1, 0, 5)
    assert await worker.run(lambda one, two: (one + two, get_ident() != 0), 1, 2) == (3, True)
    assert await worker.run(get_ident) != get_ident()
    worker.close()


async def test_functions_run_at_the_same_time_in_as_many_threads_as_set() -> None:
    worker = Worker(3, 0, 5)
    together = Barrier(3)
    places = await asyncio.gather(*(worker.run(together.wait, 5) for _ in range(3)))
    assert sorted(places) == [0, 1, 2]
    worker.close()


async def test_a_function_s_own_error_reaches_the_caller() -> None:
    worker = Worker(1, 0, 5)

    def fail(error: Exception) -> None:
        raise error

    for error in (KeyError("x"), TimeoutError("its own")):
        with pytest.raises(type(error), match=str(error.args[0])):
            await worker.run(fail, error)
    worker.close()


async def test_more_than_may_wait_are_refused_until_a_place_is_free(release: Event) -> None:
    worker = Worker(1, 1, 5)
    first, second = (asyncio.ensure_future(worker.run(release.wait, 5)) for _ in range(2))
    await asyncio.sleep(0)
    with pytest.raises(BusyError, match="Ask again"):
        await worker.run(print)
    release.set()
    assert [await first, await second] == [True, True]
    assert await worker.run(int) == 0
    worker.close()


async def test_what_takes_too_long_is_given_up_and_keeps_its_place_until_it_ends(
    release: Event,
) -> None:
    worker = Worker(1, 0, 0.05)
    with pytest.raises(LateError, match=r"0\.05 seconds"):
        await worker.run(release.wait, 5)
    with pytest.raises(BusyError):
        await worker.run(int)
    release.set()
    async with asyncio.timeout(5):
        while True:
            try:
                assert await worker.run(int) == 0
                break
            except BusyError:
                await asyncio.sleep(0.001)
    worker.close()


async def test_what_waits_too_long_is_never_run(release: Event) -> None:
    worker = Worker(1, 1, 0.05)
    ran = Event()
    running = asyncio.ensure_future(worker.run(release.wait, 5))
    waiting = asyncio.ensure_future(worker.run(ran.set))
    results = await asyncio.gather(running, waiting, return_exceptions=True)
    assert [type(one) for one in results] == [LateError, LateError]
    release.set()
    worker.close()
    assert not ran.is_set()


async def test_a_cancelled_caller_s_function_is_not_run_if_it_still_waits(release: Event) -> None:
    worker = Worker(1, 1, 5)
    ran = Event()
    running = asyncio.ensure_future(worker.run(release.wait, 5))
    waiting = asyncio.ensure_future(worker.run(ran.set))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    release.set()
    assert await running
    worker.close()
    assert not ran.is_set()


async def test_closing_lets_what_runs_end_and_tells_what_waits(release: Event) -> None:
    worker = Worker(1, 1, 5)
    begun = Event()

    def work() -> str:
        begun.set()
        release.wait(5)
        return "done"

    running = asyncio.ensure_future(worker.run(work))
    waiting = asyncio.ensure_future(worker.run(int))
    await _until_waiting(begun)
    closing = Thread(target=worker.close)
    closing.start()
    with pytest.raises(ClosingError, match="Ask again"):
        await waiting
    with pytest.raises(ClosingError):
        await worker.run(int)
    release.set()
    assert await running == "done"
    closing.join(5)


def test_a_place_is_given_back_even_if_the_event_loop_is_gone(release: Event) -> None:
    worker = Worker(1, 0, 0.05)

    async def be_late() -> None:
        with pytest.raises(LateError):
            await worker.run(release.wait, 5)

    asyncio.run(be_late())
    release.set()
    worker.close()
