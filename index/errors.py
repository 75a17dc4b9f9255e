"""What can go wrong with an index, each error saying in plain words what to do.

```
SearchIndexError
├── NoIndexError        nothing was indexed yet
├── DamagedIndexError   a version is incomplete or was altered
├── StaleIndexError     a version was made with another model or another On Record
├── BusyIndexError      another process is writing
├── StorageError        the disk is full, or may not be written to
├── ModelError          the embedding model cannot be used
└── EvaluationError     a judged set is not of the form it should be
```
"""

from __future__ import annotations

import errno
import shutil
from pathlib import Path


class SearchIndexError(Exception):
    """The root of all errors that ``index`` raises on purpose. Its text can be shown to a user."""


class NoIndexError(SearchIndexError):
    """There is no version yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"nothing is indexed in {folder}; run `onrecord reindex`")


class DamagedIndexError(SearchIndexError):
    """A version is incomplete or was altered after it was written."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(
            f"the index is damaged: {path}: {fault}; run `onrecord reindex` to make it anew"
        )


_OF_THE_MODEL = ("model", "embedder", "dimension")


class StaleIndexError(SearchIndexError):
    """A version was made with other settings than it is to be searched with."""

    def __init__(self, what: str, indexed: object, wanted: object) -> None:
        maker = "model" if what in _OF_THE_MODEL else "version of On Record"
        super().__init__(
            f"the index was made with another {maker} ({what}: {indexed}, now {wanted}); "
            "run `onrecord reindex`"
        )


class BusyIndexError(SearchIndexError):
    """Another process is writing a version of the same index."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"another process is indexing in {folder}; wait until it is done. Questions are "
            "answered from the version before meanwhile"
        )


class StorageError(SearchIndexError):
    """What is to be kept cannot be written. What was there before is untouched."""

    def __init__(self, folder: Path, error: Exception) -> None:
        advice = _advice(folder, error)
        super().__init__(f"cannot write to {folder}: {advice}. Nothing there was changed")


_NEARLY_FULL = 16 << 20  # bytes free; what fails to be written with less than that lacked room
_FULL = ("no space left", "disk is full", "quota exceeded")
_IN_THE_WAY = (errno.ENOTDIR, errno.EEXIST, errno.EISDIR)
_DENIED = ("readonly", "read-only", "permission denied", "unable to open database file")


def _advice(folder: Path, error: Exception) -> str:
    # SQLite, FAISS and tantivy tell what happened in words only, and not always what.
    number, words = getattr(error, "errno", None), str(error).lower()
    denied = (errno.EACCES, errno.EPERM, errno.EROFS)
    if number in denied or any(sign in words for sign in _DENIED):
        return (
            "it may not be written to; change its permissions, or set ONRECORD_HOME to a folder "
            "that may"
        )
    full = number == errno.ENOSPC or any(sign in words for sign in _FULL)
    if full or _free(folder) < _NEARLY_FULL:
        return "the disk is full; free some space, or set ONRECORD_HOME to a folder elsewhere"
    if number in _IN_THE_WAY:
        return (
            f"a file is in the way at {getattr(error, 'filename', folder)}; move it away, or set "
            "ONRECORD_HOME to a folder elsewhere"
        )
    told = getattr(error, "strerror", None) or error
    return f"{told}; look at the disk, or set ONRECORD_HOME to a folder elsewhere"


def _free(folder: Path) -> int:
    """Bytes free where ``folder`` is or would be."""
    existing = (place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(next(existing, Path())).free


class ModelError(SearchIndexError):
    """The embedding model cannot be used."""


class EvaluationError(SearchIndexError):
    """A judged set is not of the form it should be."""
