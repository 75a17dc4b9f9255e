"""Reading files that programs have to interpret, in a process of its own with limits.

The process gets the bytes and nothing else: no path, no setting, no token. Where the system has
no resource limits (Windows), the time alone is limited.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from corpus.article import Metadata
from corpus.errors import ArticleError, UnreadableError, UnsafeFileError
from corpus.formats.document import About, Document, RawBlock, assemble
from corpus.formats.sniffing import Kind
from corpus.text import MappedBuilder

if TYPE_CHECKING:
    from collections.abc import Iterable

READERS = {
    Kind.PDF: "corpus.formats.pdf",
    Kind.DOCX: "corpus.formats.docx",
    Kind.EPUB: "corpus.formats.epub",
}
"""The modules whose ``read`` takes bytes and gives blocks and an ``About``, or whose ``described``
gives these and doubts as JSON."""

_BETWEEN = "\n\n"
_KEPT = ("PATH", "PYTHONPATH", "SYSTEMROOT", "LANG", "LC_ALL", "VIRTUAL_ENV", "HOME")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost.

    Attributes:
        seconds: from start to end, and of processor time.
        megabytes: of address space, those of Python included (about 150).
    """

    seconds: int = 60
    megabytes: int = 1024


def read(data: bytes, kind: Kind, limits: Limits | None = None) -> Reading:
    """Read a PDF, DOCX or EPUB file.

    Raises:
        ArticleError: one of its kinds; ``UnsafeFileError`` where a limit is reached.
    """
    return Reading.of(run(READERS[kind], data, limits or Limits()))


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read.

    Attributes:
        document: its text.
        doubts: what speaks against taking it for an article: a kind and a reason each.
    """

    document: Document
    doubts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, said: dict[str, Any]) -> Reading:
        """From what ``run`` gives."""
        about = About(title=said["title"], metadata=Metadata(**said["metadata"]))
        doubts = tuple((kind, reason) for kind, reason in said.get("doubts", ()))
        return cls(assemble(_laid(said["blocks"]), about), doubts)


def run(module: str, data: bytes, limits: Limits) -> dict[str, Any]:
    """What ``described`` of ``module``, or else ``read``, makes of ``data`` in such a process.

    Raises:
        ArticleError: as there, and ``UnsafeFileError`` where a limit is reached.
    """
    command = [sys.executable, "-m", "corpus.formats.confined", module]
    command += [str(limits.seconds), str(limits.megabytes)]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    try:
        ended = subprocess.run(  # noqa: S603 - no shell, and no part of it is from the file
            command,
            input=data,
            capture_output=True,
            env=environment,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_slow(limits) from None
    return _said(ended, limits)


def _said(ended: subprocess.CompletedProcess[bytes], limits: Limits) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(ended.stdout)
    except ValueError:
        # Ended by the system, without a word: SIGXCPU and SIGKILL are how it enforces time.
        if ended.returncode in (-24, -9):
            raise _too_slow(limits) from None
        raise UnsafeFileError(
            "makes its reader break down, as damaged files do and those that need more than "
            f"{limits.megabytes} MB of memory; save it anew or as plain text"
        ) from None
    if said.get("memory"):
        raise UnsafeFileError(
            f"needs more than {limits.megabytes} MB of memory to be read, which no article does; "
            "save it anew or as plain text"
        )
    if reason := said.get("reason"):
        raise (UnsafeFileError if said["unsafe"] else UnreadableError)(reason)
    return said


def _too_slow(limits: Limits) -> UnsafeFileError:
    return UnsafeFileError(
        f"takes more than {limits.seconds} seconds to be read, which no article does; "
        "save it anew or as plain text"
    )


def _laid(blocks: list[list[Any]]) -> list[RawBlock]:
    """The blocks, as if their texts stood one after the other in one source."""
    found: list[RawBlock] = []
    at = 0
    for text, level, alone in blocks:
        builder = MappedBuilder()
        builder.copy(text, at)
        found.append(RawBlock(builder.build(), level, alone))
        at += len(text) + len(_BETWEEN)
    return found


def main() -> None:
    """Read the file on stdin, tell on stdout what is in it or what is wrong."""
    module, seconds, megabytes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    _confine(seconds, megabytes)
    try:
        said = _read(module, sys.stdin.buffer.read())
    except MemoryError:
        said = {"memory": True}
    print(json.dumps(said))  # noqa: T201 - the answer to the parent


def _read(module: str, data: bytes) -> dict[str, Any]:
    reader: Any = import_module(module)
    try:
        if hasattr(reader, "described"):
            return dict(reader.described(data))
        return written(*reader.read(data))
    except ArticleError as error:
        return {"reason": str(error), "unsafe": isinstance(error, UnsafeFileError)}
    except RecursionError:
        return {"reason": "is nested too deeply to be read; save it anew", "unsafe": True}


def written(blocks: Iterable[RawBlock], about: About) -> dict[str, Any]:
    """Blocks and what a file says of itself, as JSON."""
    listed = [[block.content.text, block.level, block.alone] for block in blocks]
    return {"blocks": listed, "title": about.title, "metadata": asdict(about.metadata)}


def _confine(seconds: int, megabytes: int) -> None:
    with suppress(ImportError):
        import resource

        space = megabytes * 2**20
        for what, limit in (
            (resource.RLIMIT_AS, space),
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 0),
        ):
            with suppress(ValueError, OSError):  # a lower limit is set already
                resource.setrlimit(what, (limit, limit))


if __name__ == "__main__":
    main()
