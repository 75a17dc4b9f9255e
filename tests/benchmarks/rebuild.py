"""How long answers take while a collection is rebuilt, against how long they take without.

    python -m tests.benchmarks.rebuild [--passages 20000] [--every 0.25]

One run: the collection is built, then all of it is embedded anew in the builder's process while
questions are asked. That process is halted and let go on every few seconds, and each question
counts as asked with or without it: so whatever else the machine does falls on both alike. Every
answer is checked: that it is one, and that each of its words stands in the version that it names.
Articles are synthetic, the model is the real one.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import tempfile
import time
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.app import App
from bot.building import Builds
from bot.conversation import Kind, Question
from bot.settings import Settings
from corpus.citation import verify
from index.snapshot import Snapshot
from tests.benchmarks import synthetic
from tests.benchmarks.incremental import write_articles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.conversation import Reply

_PASSAGES_AN_ARTICLE = 20
_TURN = 5.0
"""Seconds that the builder runs, then is halted."""


class _Asking:
    """Asks one question after another and keeps what came of it."""

    def __init__(self, app: App, every: float) -> None:
        self._app = app
        self._every = every
        self._questions: Iterator[str] = cycle(synthetic.questions(500))
        self.failed = 0
        self.mixed = 0
        self.versions: dict[str, Snapshot] = {}

    async def some(self, count: int) -> None:
        for _ in range(count):
            await self._one()

    async def during(self, building: asyncio.Task[Any]) -> dict[bool, list[float]]:
        """Seconds of each question while the builder is halted (false) and while it runs."""
        taken: dict[bool, list[float]] = {False: [], True: []}
        running, since = True, time.monotonic()
        while not building.done():
            taken[running].append(await self._one())
            if time.monotonic() - since > _TURN:
                running, since = not running, time.monotonic()
                for process in self._app.builds._processes.values():
                    os.kill(process.pid, signal.SIGCONT if running else signal.SIGSTOP)
        return taken

    async def _one(self) -> float:
        await asyncio.sleep(self._every)
        started = time.perf_counter()
        reply = await self._app.service.ask(Question(next(self._questions)))
        taken = time.perf_counter() - started
        self._check(reply)
        return taken

    def _check(self, reply: Reply) -> None:
        if reply.kind is Kind.PROBLEM or reply.answer is None:
            self.failed += 1
            return
        version = reply.answer.index_version
        if version not in self.versions:
            folder = self._app.collections.get().versions.path(version)
            self.versions[version] = Snapshot.open(folder)
        for source in reply.sources:
            article = self.versions[version].article(source.citation.article_id)
            self.mixed += not verify(source.citation, article)


def _told(what: str, taken: list[float]) -> float:
    p50, p95 = np.percentile(taken, (50, 95)) * 1000
    print(f"{what}: {len(taken)} questions, p50 {p50:.1f} ms, p95 {p95:.1f} ms", flush=True)
    return float(p95)


async def _measure(settings: Settings, every: float) -> None:
    first = Builds(settings, threads=0)
    built = await first.build("main", "benchmark")
    print(f"{built['passages']} passages, built in {built['seconds']:.0f} s", flush=True)
    app = App.build(settings)
    asking = _Asking(app, every)
    await asking.some(30)
    building = asyncio.create_task(app.builds.build("main", "benchmark", full=True))
    taken = await asking.during(building)
    alone, during = _told("without", taken[False]), _told("during the rebuild", taken[True])
    print(f"rebuilt {building.result()['embedded']} passages")
    print(f"p95 during / p95 without: {during / alone:.2f}")
    print(f"failed {asking.failed}, mixed {asking.mixed}, versions {len(asking.versions)}")
    app.service.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--every", type=float, default=0.25, help="Seconds between questions.")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "articles"
        write_articles(folder, chosen.passages // _PASSAGES_AN_ARTICLE, _PASSAGES_AN_ARTICLE)
        settings = Settings(_env_file=None, home=Path(place) / "home", articles=folder)  # type: ignore[call-arg]
        asyncio.run(_measure(settings, chosen.every))


if __name__ == "__main__":
    main()
