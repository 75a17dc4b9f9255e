"""What was made of unchanged articles, kept between builds in one file; never needed, only faster.

Whatever is wrong with the file, it is made anew and the work is done again.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SCHEMA = "create table if not exists work (key blob primary key, value blob not null)"
_CHECK = 4  # bytes in front of each value: CRC-32 of its key and of what follows
_AT_ONCE = 500  # keys in one query: SQLite takes at least 999
_WAITING = 16 << 20  # bytes that are held before they are written

_log = logging.getLogger(__name__)


class WorkCache:
    """Values by key.

    Args:
        path: the file; its folder is there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._used: set[bytes] = set()
        self._new: dict[bytes, bytes] = {}
        self._size = 0
        self._database: sqlite3.Connection | None = None
        self._open()

    def _open(self) -> None:
        with suppress(sqlite3.Error):
            self._database = sqlite3.connect(self._path, timeout=60)
            try:
                self._prepare()
            except sqlite3.DatabaseError as error:
                _log.warning("what was kept in %s is made again: %s", self._path, error)
                self._database.close()
                self._path.unlink(missing_ok=True)
                self._database = sqlite3.connect(self._path, timeout=60)
                self._prepare()

    def _prepare(self) -> None:
        assert self._database is not None
        self._database.execute("pragma journal_mode = delete")
        self._database.execute("pragma synchronous = off")
        self._database.execute(_SCHEMA)

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """What is kept under ``keys``."""
        found: dict[bytes, bytes] = {}
        wanted = list(keys)
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(part))
            query = f"select key, value from work where key in ({marks})"  # noqa: S608
            for key, value in self._rows(query, part):
                if value[:_CHECK] == _check(key, value[_CHECK:]):
                    found[key] = value[_CHECK:]
        self._used |= found.keys()
        return found

    def _rows(self, query: str, values: list[bytes]) -> list[tuple[bytes, bytes]]:
        if self._database is None:
            return []
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            _log.warning("what was kept in %s is made again: %s", self._path, error)
            return []

    def put(self, key: bytes, value: bytes) -> None:
        """Keep ``value``."""
        self._new[key] = _check(key, value) + value
        self._size += len(value)
        if self._size > _WAITING:
            self._write()

    def _write(self) -> None:
        rows = list(self._new.items())
        self._used |= self._new.keys()
        self._new, self._size = {}, 0
        if self._database is not None and rows:
            with suppress(sqlite3.Error), self._database:
                self._database.executemany("insert or replace into work values (?, ?)", rows)

    def forget_unused(self) -> None:
        """Drop what was neither found nor put since it was opened."""
        self._write()
        if self._database is not None:
            with suppress(sqlite3.Error), self._database:
                held = {key for (key,) in self._database.execute("select key from work")}
                gone = [(key,) for key in held - self._used]
                self._database.executemany("delete from work where key = ?", gone)

    def close(self) -> None:
        """Keep what was put, and close the file."""
        self._write()
        if self._database is not None:
            self._database.close()


def _check(key: bytes, value: bytes) -> bytes:
    return crc32(value, crc32(key)).to_bytes(_CHECK, "little")
