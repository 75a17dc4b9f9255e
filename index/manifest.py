"""What an index version was made from, and the proof that it is whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from corpus.passages import CHUNKING
from corpus.quotes import EXTRACTOR
from index.engines.embedded import FORMAT
from index.errors import DamagedIndexError, StaleIndexError
from index.terms import ANALYZER
from index.tokens import TOKENS

if TYPE_CHECKING:
    from pathlib import Path

    from index.embedder import Embedder

MANIFEST = "manifest.json"
QUOTES = f"2:{EXTRACTOR}"
"""How quotations are kept, and how they are found."""

_EARLIER = {"quotes": "none"}
"""What versions of before a field of the recipe was added are taken to have there."""

_CHECKED_AT_ONCE = 256 << 20
"""Bytes. SHA-256 over this much takes a few tenths of a second; of a larger index only the sizes
are compared when it is opened, and all of it by ``onrecord status``."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what an index holds, but the articles: equal recipes may be compared."""

    format: int
    model: str
    embedder: str
    dimension: int
    chunking: str
    analyzer: str
    tokens: str
    quotes: str

    @classmethod
    def of(cls, embedder: Embedder) -> Recipe:
        """The recipe of an index made now with ``embedder``."""
        return cls(
            FORMAT,
            embedder.name,
            embedder.fingerprint,
            embedder.dimension,
            CHUNKING,
            ANALYZER,
            TOKENS,
            QUOTES,
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of one version, kept beside its files.

    Attributes:
        version: its name.
        created: when, in ISO 8601 and UTC.
        recipe: how it was made.
        corpus_folder: where the articles were read.
        corpus_fingerprint: ``corpus.library.Library.fingerprint`` of what was read.
        counts: number of ``articles``, ``passages``, ``sentences``, ``quotes`` and ``speakers``.
        problems: name and reason of each file that could not be read.
        retracted: id, title and reason of each article that was taken back; the reason is empty
            where none is given.
        files: size and SHA-256 of each file, by its path in the version's folder.
    """

    version: str
    created: str
    recipe: Recipe
    corpus_folder: str
    corpus_fingerprint: str
    counts: dict[str, int]
    problems: tuple[tuple[str, str], ...]
    files: dict[str, tuple[int, str]]
    retracted: tuple[tuple[str, str, str], ...] = ()

    def write(self, folder: Path) -> None:
        """Write this manifest into ``folder``."""
        # In ASCII: the name of a folder may hold bytes that are no UTF-8.
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest in ``folder``.

        Raises:
            DamagedIndexError: if there is none, or it does not read as one.
        """
        try:
            return _parse(json.loads((folder / MANIFEST).read_text("utf-8")))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise DamagedIndexError(folder, "its manifest cannot be read") from error

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(size for size, _ in self.files.values())

    def check(self, folder: Path, *, thoroughly: bool = False) -> None:
        """Make sure that all files are there and unchanged.

        Raises:
            DamagedIndexError: naming the first file that is not.
        """
        hashing = thoroughly or self.size <= _CHECKED_AT_ONCE
        for name, (size, digest) in self.files.items():
            path = folder / name
            if not path.is_file() or path.stat().st_size != size:
                raise DamagedIndexError(path, "it is missing or cut off")
            if hashing and _digest_if_readable(path) != digest:
                raise DamagedIndexError(path, "its content was changed")

    def check_recipe(self, recipe: Recipe) -> None:
        """Make sure that this version may be searched as ``recipe`` says.

        Raises:
            StaleIndexError: naming what differs.
        """
        mine, theirs = asdict(self.recipe), asdict(recipe)
        differing = [name for name in theirs if mine[name] != theirs[name]]
        if differing:
            name = differing[0]
            raise StaleIndexError(name, mine[name], theirs[name])


def _parse(data: dict[str, Any]) -> Manifest:
    recipe = Recipe(**(_EARLIER | data.pop("recipe")))
    files = {name: (int(size), str(digest)) for name, (size, digest) in data.pop("files").items()}
    problems = tuple((str(source), str(reason)) for source, reason in data.pop("problems"))
    retracted = tuple(_three(one) for one in data.pop("retracted", ()))
    return Manifest(recipe=recipe, files=files, problems=problems, retracted=retracted, **data)


def _three(found: list[object]) -> tuple[str, str, str]:
    first, second, third = map(str, found)
    return first, second, third


def _digest_if_readable(path: Path) -> str:
    try:
        return digest_of(path)
    except OSError as error:
        raise DamagedIndexError(path, f"it cannot be read ({error.strerror})") from error


def inventory(folder: Path) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of every file below ``folder``, by its path there."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, digest_of(path))
        for path in paths
        if path.name != MANIFEST
    }


def digest_of(path: Path) -> str:
    """SHA-256 of the file at ``path``, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
