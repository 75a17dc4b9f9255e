"""The articles of one index version, kept in one file and read one at a time."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import asdict
from functools import lru_cache, partial
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import finalize

from corpus.article import Article, Block, BlockKind, Metadata
from corpus.span import Span
from index.errors import DamagedIndexError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_CACHED = 64  # articles; the questions of one conversation turn around few
_SCHEMA = """
    create table articles (
        id text primary key, title text not null, text text not null, blocks text not null,
        metadata text not null, source text not null
    ) without rowid
"""


def write(path: Path, articles: Iterable[Article]) -> None:
    """Write ``articles`` into a new file at ``path``."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("pragma journal_mode = off")
        database.execute(_SCHEMA)
        database.executemany("insert into articles values (?, ?, ?, ?, ?, ?)", map(_row, articles))


def _row(article: Article) -> tuple[str, ...]:
    blocks = [
        (block.span.start, block.span.end, block.kind, block.level) for block in article.blocks
    ]
    return (
        article.id,
        article.title,
        article.text,
        json.dumps(blocks),
        json.dumps(asdict(article.metadata)),
        article.source,
    )


class ArticleStore:
    """Reads articles by id. Safe to share between threads.

    Attributes:
        titles: of all articles by id, in the order of ids.
        close: closes the file at once; otherwise it closes with the last one who holds this.

    Raises:
        DamagedIndexError: if the file is missing or broken.
    """

    def __init__(self, path: Path) -> None:
        file = ReadOnlyFile(path)
        self.titles: dict[str, str] = dict(
            file.select("select id, title from articles order by id")
        )
        # Caches what does not know of this object, so that it goes, and closes its file, with the
        # last one who holds it.
        self._get = lru_cache(_CACHED)(partial(_read, file))
        self.close = finalize(self, file.close)

    @property
    def ids(self) -> tuple[str, ...]:
        """Of all articles, in order."""
        return tuple(self.titles)

    def get(self, article_id: str) -> Article:
        """The article with this id.

        Raises:
            KeyError: if there is none.
            DamagedIndexError: if the file cannot be read.
        """
        return self._get(article_id)


class ReadOnlyFile:
    """A SQLite file of a version, open and never changed. Safe to share between threads.

    Raises:
        DamagedIndexError: if it is missing or broken; also from ``select``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with self._reading():
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)

    def select(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows that ``query`` finds."""
        with self._reading(), self._lock:
            return self._database.execute(query, values).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise DamagedIndexError(self._path, str(error)) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()


def _read(file: ReadOnlyFile, article_id: str) -> Article:
    rows = file.select("select * from articles where id = ?", article_id)
    if not rows:
        raise KeyError(article_id)
    id_, title, text, blocks, metadata, source = rows[0]
    return Article(id_, title, text, _blocks(blocks), Metadata(**json.loads(metadata)), source)


def _blocks(stored: str) -> tuple[Block, ...]:
    return tuple(
        Block(Span(start, end), BlockKind(kind), level)
        for start, end, kind, level in json.loads(stored)
    )
