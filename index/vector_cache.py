"""Vectors that were computed before, by what was embedded: the model and the very text."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from index.embedder import PassageVectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corpus.span import Span

_SCHEMA = """
    create table if not exists vectors (
        key blob primary key, value blob not null, used text not null
    ) without rowid
"""
# Apart from the vectors, for a mark beside one would write all of it again.
_USES = "create table if not exists uses (key blob primary key, build text not null) without rowid"
_CHECK = 4  # bytes in front of each value: CRC-32 of its key and of what follows

_log = logging.getLogger(__name__)


def key_of(text: str, parts: Sequence[Span]) -> bytes:
    """The key of a passage's vectors: SHA-256 of the embedded text and of the borders in it."""
    borders = ",".join(f"{part.start}-{part.end}" for part in parts)
    return hashlib.sha256(f"{borders}\n{text}".encode()).digest()


class VectorCache:
    """One file a model. What a killed build has computed stays, and the next one goes on there.

    Vectors are kept in half precision, which moves a similarity in its fourth digit. New ones are
    rounded alike, so a vector is the same whether it was computed or found. What is damaged is
    forgotten and computed again.

    Raises:
        sqlite3.OperationalError: from any method, if the file cannot be written.
    """

    def __init__(self, folder: Path, fingerprint: str, dimension: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(fingerprint.encode()).hexdigest()[:16]
        self._path = folder / f"{name}.db"
        self._dimension = dimension
        self._database = sqlite3.connect(self._path, timeout=60)
        with self._writing():
            self._prepare()

    def _prepare(self) -> None:
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("pragma synchronous = normal")
        self._database.execute(_SCHEMA)
        self._database.execute(_USES)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction. Where the file proves damaged, an empty one takes its place."""
        try:
            with self._database:
                yield
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            _log.error("the vectors kept in %s are computed again: %s", self._path, error)
            self._database.close()
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)
            self._database = sqlite3.connect(self._path, timeout=60)
            self._prepare()

    def get(self, keys: Iterable[bytes], build: str) -> dict[bytes, PassageVectors]:
        """What is known of ``keys``, marked as used by ``build``."""
        found: dict[bytes, PassageVectors] = {}
        query = "select value from vectors where key = ?"
        with self._writing():
            for key in keys:
                row = self._database.execute(query, (key,)).fetchone()
                if row and _is_whole(key, row[0]):
                    found[key] = self._unpack(row[0])
            self._mark(found, build)
        return found

    def known(self, keys: Iterable[bytes]) -> set[bytes]:
        """Which of ``keys`` vectors are kept for, unmarked and unread."""
        query = "select 1 from vectors where key = ?"
        with self._writing():
            return {key for key in keys if self._database.execute(query, (key,)).fetchone()}

    def put(self, vectors: dict[bytes, PassageVectors], build: str) -> dict[bytes, PassageVectors]:
        """Keep ``vectors`` and return them as ``get`` will."""
        packed = {key: _pack(key, value) for key, value in vectors.items()}
        with self._writing():
            rows = [(key, value, build) for key, value in packed.items()]
            self._database.executemany("insert or replace into vectors values (?, ?, ?)", rows)
            self._mark(packed, build)
        return {key: self._unpack(value) for key, value in packed.items()}

    def _mark(self, keys: Iterable[bytes], build: str) -> None:
        marks = [(key, build) for key in keys]
        self._database.executemany("insert or replace into uses values (?, ?)", marks)

    def forget(self, kept: Iterable[str]) -> None:
        """Drop what none of the builds ``kept`` used."""
        builds = list(kept)
        marks = ", ".join("?" * len(builds))
        with self._writing():
            self._database.execute(f"delete from uses where build not in ({marks})", builds)  # noqa: S608
            self._database.execute("delete from vectors where key not in (select key from uses)")

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _unpack(self, value: bytes) -> PassageVectors:
        rows = (
            np.frombuffer(value, np.float16, offset=_CHECK)
            .reshape(-1, self._dimension)
            .astype(np.float32)
        )
        return PassageVectors(rows[0], rows[1:])


def _pack(key: bytes, vectors: PassageVectors) -> bytes:
    rows = np.vstack([vectors.whole, vectors.parts]).astype(np.float16).tobytes()
    return _check(key, rows) + rows


def _is_whole(key: bytes, value: bytes) -> bool:
    return value[:_CHECK] == _check(key, value[_CHECK:])


def _check(key: bytes, rows: bytes) -> bytes:
    return crc32(rows, crc32(key)).to_bytes(_CHECK, "little")
