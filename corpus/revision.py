"""A name for the code that reads articles, so that what it made is not mixed with other code's."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_LIBRARIES = ("blingfire", "lxml", "markdown-it-py", "pystemmer", "pyyaml", "trafilatura")
"""Libraries whose releases may change what is read of an article, or its words."""


@cache
def code_revision(*packages: str) -> str:
    """SHA-256 of the source of some top-level packages and of the releases they build on.

    Anything in them may change what an article becomes; a change too many costs one slow build.
    """
    digest = hashlib.sha256()
    root = Path(__file__).parent.parent
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library} {_release(library)}\n".encode())
    return digest.hexdigest()


def _release(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
