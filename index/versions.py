"""The versions of one index on disk: written aside, made current by one rename, never changed."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from index.errors import BusyIndexError, DamagedIndexError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KEPT = 5
"""Versions that stay on disk, the current one included, to go back to."""

_CURRENT = "CURRENT"
_NEXT = "CURRENT.next"
_STAGE = ".building"
_NAME = re.compile(r"\d{6}-[0-9a-f]{8}")


class Versions:
    """The folder of a collection: ``versions/<name>/``, and ``CURRENT``, which names one of them.

    Whatever moment a writer is killed at, ``CURRENT`` names a complete version.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._versions = folder / "versions"

    def names(self) -> list[str]:
        """All complete versions, oldest first."""
        if not self._versions.is_dir():
            return []
        return sorted(path.name for path in self._versions.iterdir() if _NAME.fullmatch(path.name))

    def current(self) -> str | None:
        """The version to use, or ``None`` where there is none yet or what is said is no name.

        Raises:
            DamagedIndexError: if that cannot be read.
        """
        return _named_in(self.folder / _CURRENT)

    def path(self, name: str) -> Path:
        """The folder of a version."""
        return self._versions / name

    def usable(self) -> list[str]:
        """The current version, then the ones before it, newest first: the order to try them in."""
        current = self.current()
        older = [name for name in reversed(self.names()) if current is None or name < current]
        return [*([current] if current else []), *older]

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """Be the only writer, with an empty folder to write a version into.

        The folder is gone afterwards, whether it was published or not, and so is what a killed
        writer left behind.

        Raises:
            BusyIndexError: if another process is writing.
        """
        self._versions.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / "writer.lock", timeout=0):
                stage = self._versions / _STAGE
                shutil.rmtree(stage, ignore_errors=True)
                stage.mkdir()
                self._finish()
                try:
                    yield stage
                finally:
                    shutil.rmtree(stage, ignore_errors=True)
        except Timeout as error:
            raise BusyIndexError(self.folder) from error

    def next_name(self, fingerprint: str) -> str:
        """A name for a version of a corpus with this fingerprint; names sort by age."""
        last = max((int(name.partition("-")[0]) for name in self.names()), default=0)
        return f"{last + 1:06d}-{fingerprint[:8]}"

    def publish(self, stage: Path, name: str, step: Callable[[str], None] = lambda _: None) -> None:
        """Make the files in ``stage`` the version ``name``, and that version the current one.

        ``step`` is told of each step before it is taken. All that needs room on the disk comes
        before the version has its name, so that a full one leaves nothing behind.
        """
        step("sync")
        for path in sorted(stage.rglob("*")):
            _sync(path)
        _sync(stage)
        step("point")
        (self.folder / _NEXT).write_text(name + "\n", "utf-8")
        _sync(self.folder / _NEXT)
        step("name")
        stage.rename(self.path(name))
        _sync(self._versions)
        step("swap")
        self._swap()

    def select(self, name: str) -> None:
        """Make a version that is kept the current one.

        Raises:
            BusyIndexError: if another process is writing.
            StorageError: if that cannot be written.
            DamagedIndexError: if there is no such version any more.
        """
        with self.writing():
            if name not in self.names():
                raise DamagedIndexError(self.path(name), "it is gone")
            try:
                (self.folder / _NEXT).write_text(name + "\n", "utf-8")
                _sync(self.folder / _NEXT)
                self._swap()
            except OSError as error:
                raise StorageError(self.folder, error) from error

    def _swap(self) -> None:
        (self.folder / _NEXT).replace(self.folder / _CURRENT)
        _sync(self.folder)

    def _finish(self) -> None:
        """Take the last step of a writer that was killed before it; it had decided already."""
        if _named_in(self.folder / _NEXT) in self.names():
            self._swap()
        (self.folder / _NEXT).unlink(missing_ok=True)

    def prune(self, keep: int = KEPT) -> None:
        """Delete the oldest versions beyond ``keep``; never the current one."""
        current = self.current()
        for name in self.names()[:-keep]:
            if name != current:
                shutil.rmtree(self.path(name), ignore_errors=True)


def _named_in(path: Path) -> str | None:
    try:
        name = path.read_bytes().decode("utf-8", "replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise DamagedIndexError(path, f"it cannot be read ({error.strerror})") from error
    return name if _NAME.fullmatch(name) else None


def _sync(path: Path) -> None:
    """Make sure that a file, or the list of names in a folder, is on disk and not on its way."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open folders, and keeps their order of writing itself
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
