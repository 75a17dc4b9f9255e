"""ZIP archives from strangers: read entry by entry into memory, within limits, never to disk."""

from __future__ import annotations

import stat
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from corpus.errors import UnreadableError, UnsafeFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ENTRIES = 2_000
MAX_ENTRY_BYTES = 64 * 2**20
MAX_TOTAL_BYTES = 256 * 2**20
"""What all entries unpack to, together."""
MAX_RATIO = 200
"""Text hardly compresses more than tenfold; DEFLATE ends at 1032 to 1."""
_SMALL = 2**20
"""Below so many bytes a high ratio does no harm."""
MAX_NAME = 500

_CHUNK = 1 << 16
_SYSTEM_NAMES = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in an archive.

    Attributes:
        name: as the archive gives it; for messages and as a hint, never a path to write to.
        fault: why it is not read, as a sentence that the name begins; empty if it is.
    """

    name: str
    fault: str = ""


class Archive:
    """The entries of a ZIP file.

    Raises:
        UnreadableError: if it is damaged or asks for a password.
        UnsafeFileError: if it has more entries, or unpacks to more, than is allowed.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError) as error:
            raise UnreadableError(f"is a damaged ZIP archive ({error}); pack it anew") from None
        if len(self._zip.infolist()) > MAX_ENTRIES:
            raise UnsafeFileError(
                f"has {len(self._zip.infolist()):,} files in it, and at most {MAX_ENTRIES:,} are "
                "read; pack them into several archives"
            )
        self._unpacked = 0

    def entries(self) -> Iterator[Entry]:
        """All files but those that systems leave behind, in order of their names."""
        for info in sorted(self._zip.infolist(), key=lambda info: info.filename):
            parts = PurePosixPath(info.filename).parts
            hidden = any(part in _SYSTEM_NAMES or part.startswith("._") for part in parts)
            if not info.is_dir() and not hidden:
                yield Entry(info.filename, _fault(info))

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def read(self, name: str) -> bytes:
        """The content of an entry, counted as it unpacks, whatever the archive says of its size.

        Raises:
            UnsafeFileError: beyond a limit.
            UnreadableError: if there is no such entry, or it is damaged or locked.
        """
        info = self._zip.NameToInfo.get(name)
        if info is None:
            raise UnreadableError(f"is damaged: {name} is missing in it")
        parts: list[bytes] = []
        size = 0
        try:
            with self._zip.open(info) as opened:
                while part := opened.read(_CHUNK):
                    size += len(part)
                    self._count(len(part), size, info)
                    parts.append(part)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise UnreadableError(f"is damaged: {name} cannot be unpacked ({error})") from None
        except RuntimeError:  # how zipfile tells of a password
            raise UnreadableError("asks for a password; pack it without one") from None
        return b"".join(parts)

    def _count(self, more: int, size: int, info: zipfile.ZipInfo) -> None:
        self._unpacked += more
        ratio = size / max(1, info.compress_size)
        if size > MAX_ENTRY_BYTES or self._unpacked > MAX_TOTAL_BYTES:
            limit = MAX_ENTRY_BYTES if size > MAX_ENTRY_BYTES else MAX_TOTAL_BYTES
            raise UnsafeFileError(
                f"unpacks to more than {limit // 2**20} MB and was not read further; "
                "pack fewer or smaller files"
            )
        if size > _SMALL and ratio > MAX_RATIO:
            raise UnsafeFileError(
                f"unpacks {info.filename} to more than {MAX_RATIO} times its size, as only files "
                "made to do harm do; it was not read"
            )


def _fault(info: zipfile.ZipInfo) -> str:
    name = info.filename
    # `orig_filename` still has what zipfile cut off or turned: NUL characters and backslashes.
    given = info.orig_filename
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link inside the archive and was not followed; pack the file itself"
    mode = stat.S_IFMT(info.external_attr >> 16)
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is not a regular file (a pipe or a device, say) and was not read"
    if len(given) > MAX_NAME or any(ord(char) < 32 for char in given):
        return "has a name that no ordinary file has and was not read; rename it"
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":"):
        return "has a name that leads out of the archive's folder and was not read; pack it anew"
    return ""
