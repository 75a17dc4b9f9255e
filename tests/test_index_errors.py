"""Errors of the index say in plain words what to do."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections import namedtuple
from pathlib import Path

import pytest

from index.errors import (
    BusyIndexError,
    DamagedIndexError,
    EvaluationError,
    ModelError,
    NoIndexError,
    SearchIndexError,
    StaleIndexError,
    StorageError,
)

HOME = Path("/home/member/onrecord")
_Usage = namedtuple("_Usage", ["total", "used", "free"])


@pytest.mark.parametrize(
    "error",
    [
        NoIndexError(HOME),
        DamagedIndexError(HOME, "it is cut off"),
        StaleIndexError("model", "a", "b"),
    ],
)
def test_what_a_new_index_mends_says_so(error: SearchIndexError) -> None:
    assert "run `onrecord reindex`" in str(error)


def test_every_error_is_a_search_index_error() -> None:
    kinds = (ModelError, EvaluationError, BusyIndexError, StorageError)
    assert all(issubclass(kind, SearchIndexError) for kind in kinds)
    assert str(HOME) in str(BusyIndexError(HOME))
    assert str(HOME) in str(NoIndexError(HOME))


def os_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


@pytest.mark.parametrize(
    "error",
    [
        os_error(errno.ENOSPC),
        os_error(errno.EDQUOT),
        sqlite3.OperationalError("database or disk is full"),
        ValueError("An IO error occurred: 'No space left on device (os error 28)'"),
    ],
)
def test_a_full_disk_is_to_be_cleared(error: Exception) -> None:
    assert "the disk is full; free some space, or set ONRECORD_HOME" in str(
        StorageError(HOME, error)
    )


@pytest.mark.parametrize(
    "error",
    [
        os_error(errno.EACCES),
        os_error(errno.EPERM),
        os_error(errno.EROFS),
        sqlite3.OperationalError("attempt to write a readonly database"),
        sqlite3.OperationalError("unable to open database file"),
        RuntimeError("could not open x for writing: Permission denied"),
    ],
)
def test_a_folder_that_may_not_be_written_to_is_to_be_changed(error: Exception) -> None:
    assert "it may not be written to; change its permissions, or set ONRECORD_HOME" in str(
        StorageError(HOME, error)
    )


@pytest.mark.parametrize(("free", "full"), [(0, True), (1 << 20, True), (1 << 40, False)])
def test_a_disk_with_hardly_any_room_is_full_whatever_the_library_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, full: bool
) -> None:
    asked: list[Path] = []

    def usage(path: Path) -> _Usage:
        asked.append(path)
        return _Usage(1 << 40, 0, free)

    monkeypatch.setattr("shutil.disk_usage", usage)
    text = str(StorageError(tmp_path / "absent" / "deep", sqlite3.OperationalError("I/O error")))
    assert asked == [tmp_path]
    assert ("the disk is full" in text) == full
    assert ("I/O error; look at the disk, or set ONRECORD_HOME" in text) != full


def test_what_else_happens_is_passed_on() -> None:
    text = str(StorageError(Path("somewhere"), os_error(errno.EFBIG)))
    assert "File too large; look at the disk, or set ONRECORD_HOME" in text
