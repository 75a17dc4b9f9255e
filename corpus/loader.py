"""A folder of files to a ``Library``; one bad file is reported and never stops the rest."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import stat
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from corpus.article import Article
from corpus.errors import ArticleError, FolderError, OversizeError, UnknownFormatError
from corpus.formats import READERS, parse
from corpus.library import Library
from corpus.revision import code_revision
from corpus.stored import dump, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from corpus.formats import Document

# A long novel has 3 MB; parsing takes some seconds a megabyte.
MAX_BYTES = 4 * 2**20

# Articles often come as these; a user who puts one in should be told that it is not read.
_UNREAD_FORMATS = frozenset(
    (".pdf", ".doc", ".docx", ".odt", ".rtf", ".epub", ".xhtml", ".xml", ".rst", ".mhtml")
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that was left out, and why, in words that say what to do.

    Attributes:
        source: its path relative to the folder.
        reason: continues the sentence that ``source`` begins.
    """

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source} {self.reason}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a folder holds: the articles that could be read, and a problem for each other."""

    library: Library
    problems: tuple[Problem, ...]


class Kept(Protocol):
    """Where articles are kept that were read before, by a key of all they were made from."""

    def get(self, keys: Iterable[bytes], /) -> dict[bytes, bytes]:
        """What is kept under ``keys``."""
        ...

    def put(self, key: bytes, value: bytes, /) -> None:
        """Keep ``value``."""
        ...


def load_folder(folder: Path, kept: Kept | None = None) -> Loaded:
    """Read all articles below ``folder``, in sorted order of their paths.

    Hidden files and folders and files of other kinds are skipped. Of two files with the same
    text or id the first is kept. A file whose bytes were read before is not parsed again, where
    ``kept`` has what came of it.

    Raises:
        FolderError: if ``folder`` is missing, is not a folder or cannot be listed.
    """
    _check(folder)
    shelf = _Shelf(kept)
    for found in _walk(folder):
        if isinstance(found, Problem):
            shelf.problems.append(found)
        else:
            shelf.take(found, folder)
    return Loaded(Library.of(shelf.articles.values()), tuple(shelf.problems))


def article_files(folder: Path) -> Iterator[Path]:
    """The files below ``folder`` that may be articles, in sorted order of their paths.

    Raises:
        FolderError: as ``load_folder``.
    """
    _check(folder)
    return (found for found in _walk(folder) if not isinstance(found, Problem))


def load_file(path: Path, folder: Path, kept: Kept | None = None) -> Article:
    """The article in the file ``path``, which is below ``folder``.

    Raises:
        ArticleError: with the reason why there is none.
    """
    data, relative, source = _data(path), path.relative_to(folder), _source_of(path, folder)
    if kept is None:
        return _article(parse(data, path.name), relative, source)
    about = f"{code_revision('corpus')}\n{source}\n".encode()
    key = hashlib.sha256(about + data).digest()
    if stored := kept.get((key,)).get(key):
        return load(stored)
    article = _article(parse(data, path.name), relative, source)
    kept.put(key, dump(article))
    return article


def listing(folder: Path) -> str:
    """SHA-256, in hexadecimal, of the names, sizes and times of all files that may be articles.

    Tells that something may have changed without reading a file.

    Raises:
        FolderError: as ``load_folder``.
    """
    _check(folder)
    digest = hashlib.sha256(os.fsencode(folder.absolute()))
    for found in _walk(folder):
        if isinstance(found, Problem):
            digest.update(f"{found}\n".encode())
            continue
        try:
            status = found.stat()
            facts = f"{status.st_size} {status.st_mtime_ns}"
        except OSError as error:
            facts = _fault(error)
        digest.update(b"%s\0%s\n" % (os.fsencode(found.relative_to(folder)), facts.encode()))
    return digest.hexdigest()


def _check(folder: Path) -> None:
    if not folder.is_dir():
        fault = "is not a folder" if folder.exists() else "does not exist"
        raise FolderError(f"the folder of articles {folder} {fault}; create it or name another")


@dataclass(slots=True)
class _Shelf:
    """The articles and problems found so far."""

    kept: Kept | None = None
    articles: dict[str, Article] = field(default_factory=dict)
    hashes: dict[str, Article] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def take(self, path: Path, folder: Path) -> None:
        """Read ``path`` and keep either the article or the reason why there is none."""
        source = _source_of(path, folder)
        try:
            article = load_file(path, folder, self.kept)
            reason = self._conflict(article)
        except ArticleError as error:
            reason = str(error)
        except OSError as error:
            reason = _fault(error)
        except Exception:  # noqa: BLE001 - a fault in a parser must not stop the other articles
            _log.exception("cannot parse %s", source)
            reason = "cannot be understood by its parser; save it as plain text"
        if reason:
            self.problems.append(Problem(source, reason))
        else:
            self.articles[article.id] = article
            if not article.metadata.retracted:
                self.hashes[article.content_hash] = article

    def _conflict(self, article: Article) -> str | None:
        same = self.hashes.get(article.content_hash)
        if same and not article.metadata.retracted:
            return f"has the same text as {same.source}; remove one of them"
        if same := self.articles.get(article.id):
            return (
                f"has the id {article.id!r}, as {same.source} has; rename it or give it "
                "another `id` in its front matter"
            )
        return None


def _walk(folder: Path) -> Iterator[Path | Problem]:
    """The files below ``folder`` that may be articles, and what cannot be looked into."""
    root = folder.resolve()
    pending = [folder]
    while pending:
        current = pending.pop()
        try:
            entries = sorted(entry for entry in current.iterdir() if entry.name[0] != ".")
        except OSError as error:
            if current == folder:
                raise FolderError(f"the folder of articles {folder} {_fault(error)}") from error
            yield Problem(_source_of(current, folder), _fault(error))
            continue
        for entry in entries:
            if entry.is_symlink():
                yield from _linked(entry, folder, root)
            elif not entry.is_dir() and _may_be_article(entry):
                yield entry
        subfolders = [entry for entry in entries if entry.is_dir() and not entry.is_symlink()]
        pending += reversed(subfolders)


def _linked(entry: Path, folder: Path, root: Path) -> Iterator[Path | Problem]:
    """A link to a file in the folder is one more name of it; others are not followed."""
    target = entry.resolve()
    if not target.is_relative_to(root):
        if target.is_dir() or _may_be_article(entry):
            yield Problem(
                _source_of(entry, folder),
                "is a link to a place outside of the folder of articles and was not followed; "
                "put a copy there instead",
            )
    elif not target.is_dir() and _may_be_article(entry):
        yield entry


def _may_be_article(path: Path) -> bool:
    return path.suffix.lower() in READERS or path.suffix.lower() in _UNREAD_FORMATS


def _data(path: Path) -> bytes:
    if path.suffix.lower() not in READERS:
        raise UnknownFormatError(path.suffix.lower(), tuple(READERS))
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ArticleError("is not a regular file (a pipe or a device, say); remove it")
    if status.st_size > MAX_BYTES:
        raise OversizeError(MAX_BYTES)
    return path.read_bytes()


def _article(document: Document, relative: Path, source: str) -> Article:
    return Article(
        id=document.article_id or slug(relative.with_suffix("").as_posix()),
        title=document.title or readable(relative.stem),
        text=document.text,
        blocks=document.blocks,
        metadata=document.metadata,
        source=source,
    )


def _fault(error: OSError) -> str:
    return f"cannot be read ({error.strerror or error}); check its permissions"


def _source_of(path: Path, folder: Path) -> str:
    """The path below ``folder``; bytes that are no UTF-8 are replaced, as it is to be shown."""
    relative = path.relative_to(folder).as_posix()
    return os.fsencode(relative).decode("utf-8", "replace")


def slug(path: str) -> str:
    """``path`` as an id: lower case, with a hyphen for each run of what is no letter or digit.

    Folders stay apart, so that files of the same name in different folders do.
    """
    parts = unicodedata.normalize("NFC", path).casefold().split("/")
    words = (re.sub(r"[\W_]+", "-", part).strip("-") for part in parts)
    return "/".join(word or "-" for word in words)


def readable(stem: str) -> str:
    """A file's name without extension as a title: words set apart, the first one capital."""
    words = " ".join(re.sub(r"[\W_]+", " ", stem).split()) or stem
    return words[:1].upper() + words[1:]
