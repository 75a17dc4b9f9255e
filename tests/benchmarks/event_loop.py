"""How long the event loop is kept from other work while members ask, with the real model.

``python -m tests.benchmarks.event_loop [QUESTIONS]``

Members ask through the simulated Discord as in ``tests/test_discord_load.py``. Every callback that
the event loop runs meanwhile is timed, waiting for the interpreter's lock included; those of this
benchmark's own task are left out: in it simcord plays Discord's part.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from bot.app import App
from bot.settings import SHIPPED_ARTICLES, Settings
from tests.discord_world import World, world

if TYPE_CHECKING:
    from collections.abc import Iterator

QUESTIONS = Path(__file__).parents[1] / "data" / "questions.jsonl"


@contextmanager
def _timed() -> Iterator[list[tuple[float, float]]]:
    """How many milliseconds each callback kept the loop, but for the current task's own.

    In all, and of computing: the rest it waited for a processor or the interpreter's lock.
    """
    took: list[tuple[float, float]] = []
    own, run = asyncio.current_task(), asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        started, computed = time.perf_counter(), time.thread_time()
        run(handle)
        if getattr(handle._callback, "__self__", None) is not own:  # type: ignore[attr-defined]
            whole, own_part = time.perf_counter() - started, time.thread_time() - computed
            took.append((whole * 1000, own_part * 1000))

    asyncio.Handle._run = timed  # type: ignore[assignment,method-assign]
    try:
        yield took
    finally:
        asyncio.Handle._run = run  # type: ignore[method-assign]


async def _ask(here: World, count: int) -> float:
    """Have ``count`` questions asked at once; returns the seconds until all are answered."""
    asked = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    members = [here.member(f"member{at}") for at in range(50)]
    channels = [here.guild.create_text_channel(f"c{at}") for at in range(5)]
    started = time.perf_counter()
    for at in range(count):
        text = f"{here.me} {asked[at % len(asked)]}"
        here.env.backend.create_message(channels[at % 5].id, members[at % 50].id, text)
        await asyncio.sleep(0)
    await here.env.settle(timeout=300)
    replies = sum(len(here.replies(channel)) for channel in channels)
    assert replies == count, f"{replies} replies to {count} questions"
    return time.perf_counter() - started


async def main(count: int) -> None:
    with TemporaryDirectory() as folder:
        settings = Settings(  # type: ignore[call-arg]
            _env_file=None,
            home=Path(folder),
            articles=SHIPPED_ARTICLES,
            member_questions=count,
            server_questions=count,
        )
        async with world(Path(folder), App.build(settings)) as here:
            gc.freeze()  # as ``bot.serving.serve`` does
            with _timed() as took:
                seconds = await _ask(here, count)
    print(f"{count} questions in {seconds:.1f} s, {len(took)} callbacks")
    for what, times in zip(("in all", "computing"), np.array(took).T, strict=True):
        shares = np.percentile(times, [50, 95, 99, 100])
        figures = "p50 {:.2f}, p95 {:.2f}, p99 {:.2f}, most {:.1f}".format(*shares)
        print(f"kept the loop, ms, {what}: {figures}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
