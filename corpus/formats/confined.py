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
from typing import Any

from corpus.article import Metadata
from corpus.errors import ArticleError, UnreadableError, UnsafeFileError
from corpus.formats.document import About, Document, RawBlock, assemble
from corpus.formats.sniffing import Kind
from corpus.text import MappedBuilder

READERS = {Kind.PDF: "pdf", Kind.DOCX: "docx", Kind.EPUB: "epub"}
"""The modules beside this one whose ``read`` takes bytes and gives blocks and an ``About``."""

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


def read(data: bytes, kind: Kind, limits: Limits | None = None) -> Document:
    """Read a PDF, DOCX or EPUB file.

    Raises:
        ArticleError: one of its kinds; ``UnsafeFileError`` where a limit is reached.
    """
    limits = limits or Limits()
    command = [sys.executable, "-m", "corpus.formats.confined", kind.value]
    command += [str(limits.seconds), str(limits.megabytes)]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    try:
        run = subprocess.run(  # noqa: S603 - no shell, and no part of it is from the file
            command,
            input=data,
            capture_output=True,
            env=environment,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_slow(limits) from None
    return _document(run, kind, limits)


def _document(run: subprocess.CompletedProcess[bytes], kind: Kind, limits: Limits) -> Document:
    try:
        said = json.loads(run.stdout)
    except ValueError:
        # Ended by the system, without a word: SIGXCPU and SIGKILL are how it enforces time.
        if run.returncode in (-24, -9):
            raise _too_slow(limits) from None
        raise UnsafeFileError(
            f"makes its reader break down, as damaged {kind} files do and those that need more "
            f"than {limits.megabytes} MB of memory; save it anew or as plain text"
        ) from None
    if said.get("memory"):
        raise UnsafeFileError(
            f"needs more than {limits.megabytes} MB of memory to be read, which no article does; "
            "save it anew or as plain text"
        )
    if reason := said.get("reason"):
        raise (UnsafeFileError if said["unsafe"] else UnreadableError)(reason)
    blocks = _laid(said["blocks"])
    about = About(title=said["title"], metadata=Metadata(**said["metadata"]))
    return assemble(blocks, about)


def _too_slow(limits: Limits) -> UnsafeFileError:
    return UnsafeFileError(
        f"takes more than {limits.seconds} seconds to be read, which no article does; "
        "save it anew or as plain text"
    )


def _laid(blocks: list[list[Any]]) -> list[RawBlock]:
    """The blocks, as if their texts stood one after the other in one source."""
    laid: list[RawBlock] = []
    at = 0
    for text, level, alone in blocks:
        builder = MappedBuilder()
        builder.copy(text, at)
        laid.append(RawBlock(builder.build(), level, alone))
        at += len(text) + len(_BETWEEN)
    return laid


def main() -> None:
    """Read the file on stdin, tell on stdout what is in it or what is wrong."""
    kind, seconds, megabytes = Kind(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    _confine(seconds, megabytes)
    try:
        said = _read(kind, sys.stdin.buffer.read())
    except MemoryError:
        said = {"memory": True}
    print(json.dumps(said))  # noqa: T201 - the answer to the parent


def _read(kind: Kind, data: bytes) -> dict[str, Any]:
    try:
        blocks, about = import_module(f"corpus.formats.{READERS[kind]}").read(data)
    except ArticleError as error:
        return {"reason": str(error), "unsafe": isinstance(error, UnsafeFileError)}
    except RecursionError:
        return {"reason": "is nested too deeply to be read; save it anew", "unsafe": True}
    written = [[block.content.text, block.level, block.alone] for block in blocks]
    return {"blocks": written, "title": about.title, "metadata": asdict(about.metadata)}


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
