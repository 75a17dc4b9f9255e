"""A builder in a process of its own, which dies, waits or runs out of room where it is told to.

    python -m tests.building FOLDER COUNT die STEP|N
    python -m tests.building FOLDER COUNT wait STEP
    python -m tests.building FOLDER COUNT limit BYTES

It indexes ``tests.making.numbered(COUNT)`` two passages at a time. ``die N`` kills it while the
Nth batch is embedded, ``wait`` says so on standard output and goes on when it is sent a line, and
``limit`` lets no file grow beyond so many bytes and prints the error that comes of it.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import index.build
from index.build import Builder
from index.errors import StorageError
from index.versions import Versions
from tests.fakes import HashEmbedder
from tests.making import FOLDER, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpus.span import Span
    from index.embedder import PassageVectors

BATCH = 2


class MortalEmbedder(HashEmbedder):
    """Kills its process when it is asked for the batch of the given number, from 1."""

    def __init__(self, last: int) -> None:
        super().__init__()
        self._last = last

    def embed_passages(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        progress: Callable[[int], None] | None = None,
    ) -> list[PassageVectors]:
        found = super().embed_passages(texts, parts, progress)
        if self.passage_calls == self._last:
            _die()
        return found


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _wait() -> None:
    print("waiting", flush=True)  # noqa: T201 - to the process that started this one
    sys.stdin.readline()


def main(folder: str, count: str, what: str, where: str) -> None:
    index.build._BATCH = BATCH

    def step(name: str) -> None:
        if name == where:
            (_die if what == "die" else _wait)()

    embedder = MortalEmbedder(int(where)) if what == "die" and where.isdigit() else HashEmbedder()
    if what == "limit":
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(where), int(where)))
    try:
        Builder(Versions(Path(folder)), embedder, step=step).build(numbered(int(count)), FOLDER)
    except StorageError as error:
        print(error)  # noqa: T201 - to the process that started this one


if __name__ == "__main__":
    main(*sys.argv[1:])
