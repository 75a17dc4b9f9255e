"""What is known of each article in a folder without reading it again: a cache beside the files.

A file is read anew when its size or time changed. Throwing the cache away costs time alone.
"""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from corpus.errors import ArticleError
from corpus.intake.history import FILE as HISTORY
from corpus.intake.likeness import Runs, runs_of
from corpus.loader import article_files, load_file

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.article import Article

FILE = ".known.json"
_FORMAT = 1
"""Raised when what is known of an article changes its meaning."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """An article without its text.

    Attributes:
        id: see ``corpus.article.Article``.
        title: likewise.
        source: its file, below the folder.
        content_hash: see ``corpus.article.Article``.
        runs: of its words, to tell whether another text is nearly the same.
        url: as its front matter says, as are the ones below; empty where it says nothing.
        outlet: who published it.
        published: when.
    """

    id: str
    title: str
    source: str
    content_hash: str
    runs: Runs
    url: str = ""
    outlet: str = ""
    published: str = ""

    @classmethod
    def of(cls, article: Article) -> Known:
        """What is known of ``article``."""
        about = article.metadata
        return cls(
            article.id,
            article.title,
            article.source,
            article.content_hash,
            runs_of(article.text),
            about.url or "",
            about.outlet or "",
            about.published or "",
        )


def catalogue(folder: Path) -> dict[str, Known]:
    """All articles below ``folder`` by their ids; what cannot be read is left out.

    Of two with the same id or text the first is kept, as the loader does.
    """
    if not folder.is_dir():
        return {}
    cached = _cached(folder)
    entries: dict[str, tuple[list[int], Known | None]] = {}
    for path in article_files(folder):
        with suppress(OSError):
            status = path.stat()
            stamp = [status.st_size, status.st_mtime_ns]
            name = path.relative_to(folder).as_posix()
            found = cached.get(name)
            known = found[1] if found and found[0] == stamp else _read(path, folder)
            entries[name] = (stamp, known)
    if entries != cached:
        _keep(folder, entries)
    return _without_doubles([known for _, known in entries.values() if known is not None])


def _without_doubles(found: list[Known]) -> dict[str, Known]:
    articles: dict[str, Known] = {}
    hashes: set[str] = set()
    for known in found:
        if known.id not in articles and known.content_hash not in hashes:
            articles[known.id] = known
            hashes.add(known.content_hash)
    return articles


def _read(path: Path, folder: Path) -> Known | None:
    try:
        return Known.of(load_file(path, folder))
    except (ArticleError, OSError):
        return None
    except Exception:  # noqa: BLE001 - a fault in a parser must not stop the other articles
        _log.exception("cannot parse %s", path.name)
        return None


def _cached(folder: Path) -> dict[str, tuple[list[int], Known | None]]:
    try:
        found = json.loads((folder / FILE).read_text("utf-8"))
        if found["format"] != _FORMAT:
            return {}
        return {name: (stamp, _known(one)) for name, (stamp, one) in found["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _known(values: dict[str, Any] | None) -> Known | None:
    return Known(**(values | {"runs": frozenset(values["runs"])})) if values else None


def _keep(folder: Path, entries: dict[str, tuple[list[int], Known | None]]) -> None:
    if not (folder / HISTORY).exists():
        return  # nobody has changed anything here: it may be the folder of the installed package
    files = {name: [stamp, _written(known)] for name, (stamp, known) in entries.items()}
    stage = folder / f"{FILE}.writing"
    with suppress(OSError):  # read-only, as the shipped articles may be
        stage.write_text(json.dumps({"format": _FORMAT, "files": files}), "utf-8")
        stage.replace(folder / FILE)


def _written(known: Known | None) -> dict[str, Any] | None:
    return asdict(known) | {"runs": sorted(known.runs)} if known is not None else None
