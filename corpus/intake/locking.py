"""One at a time: who changes a folder keeps all other processes out of it meanwhile."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from corpus.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = ".lock"
PATIENCE = 30.0
"""Seconds to wait for somebody else who changes the folder."""


class ShelfError(CorpusError):
    """What is kept in a folder cannot be changed as asked."""


@contextmanager
def locked(folder: Path, what: str) -> Iterator[None]:
    """Be the only one to change ``what`` is in ``folder``, which is made where it is missing.

    Raises:
        ShelfError: if somebody else goes on doing so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / LOCK, timeout=PATIENCE):
            yield
    except Timeout:
        raise ShelfError(
            f"somebody else is changing {what} in {folder}; try again in a minute"
        ) from None
