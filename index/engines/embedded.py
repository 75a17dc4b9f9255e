"""The default engine: FAISS and a disk-resident BM25 in this very process, no server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from index.engine import EVERYWHERE, Leg
from index.engines import lexical, vectors
from index.engines.columns import Columns, ColumnWriter
from index.engines.lexical import LexicalIndex, LexicalRow
from index.engines.vectors import VectorIndex
from index.errors import DamagedIndexError
from index.packed import pack_indexed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.engine import Candidates, IndexedPassage, Where
    from index.packed import Packed

FORMAT = 1
"""Changes whenever the files of this engine change their form."""

_ABOUT = "engine.json"
_VECTORS = "vectors.faiss"
_LEXICAL = "lexical"
_BLOCK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some passages of one article with all that is kept of them.

    Attributes:
        article_id: the article.
        content_hash: of its text.
        packed: the passages.
        wholes: their vectors, shape ``(len(packed.passages), dimension)``.
        parts: the vectors of their sentences, shape ``(len(packed.sentences), dimension)``.
    """

    article_id: str
    content_hash: str
    packed: Packed
    wholes: NDArray[np.float32]
    parts: NDArray[np.float32]


def write(folder: Path, dimension: int, passages: Iterable[IndexedPassage]) -> int:
    """Write an index of ``passages`` into ``folder`` and return their number.

    Passages get the row numbers 0, 1, 2 and so on, in the given order.
    """
    return write_pieces(folder, dimension, map(_piece, passages))


def _piece(one: IndexedPassage) -> Piece:
    packed, wholes = pack_indexed([one]), one.vector[np.newaxis]
    return Piece(one.article_id, one.content_hash, packed, wholes, one.sentence_vectors)


def write_pieces(folder: Path, dimension: int, pieces: Iterable[Piece]) -> int:
    """The same for passages that come several at a time."""
    articles: dict[tuple[str, str], int] = {}
    # Half precision is what is kept of them in any case.
    kept: list[NDArray[np.float16]] = []
    columns = ColumnWriter(folder)

    def rows() -> Iterator[LexicalRow]:
        row = 0
        for piece in pieces:
            number = articles.setdefault((piece.article_id, piece.content_hash), len(articles))
            columns.add(number, piece.packed, piece.parts)
            kept.append(piece.wholes.astype(np.float16))
            for text, words in zip_longest(piece.packed.texts, piece.packed.words):
                yield LexicalRow(row, text, words)
                row += 1

    with columns.opened():
        count = lexical.build(folder / _LEXICAL, rows())
    vectors.build(folder / _VECTORS, dimension, _blocks(kept))
    about = {"format": FORMAT, "dimension": dimension, "articles": list(articles)}
    (folder / _ABOUT).write_text(json.dumps(about), "utf-8")
    return count


def _blocks(kept: list[NDArray[np.float16]]) -> Iterator[NDArray[np.float32]]:
    """The vectors in larger blocks."""
    block: list[NDArray[np.float16]] = []
    for part in kept:
        block.append(part)
        if sum(map(len, block)) >= _BLOCK:
            yield np.concatenate(block).astype(np.float32)
            block = []
    if block:
        yield np.concatenate(block).astype(np.float32)


class EmbeddedEngine:
    """Searches what ``write`` wrote. Safe to share between threads.

    Raises:
        DamagedIndexError: if a file is missing or broken.
    """

    def __init__(self, folder: Path) -> None:
        about = _about(folder / _ABOUT)
        self.article_ids: tuple[str, ...] = tuple(id_ for id_, _ in about["articles"])
        self.content_hashes: tuple[str, ...] = tuple(digest for _, digest in about["articles"])
        self._columns = Columns.open(folder, about["dimension"])
        self._vectors = VectorIndex.open(folder / _VECTORS)
        self._lexical = LexicalIndex.open(folder / _LEXICAL)

    @property
    def size(self) -> int:
        """Number of passages."""
        return len(self._columns.passages)

    def search(
        self,
        vector: NDArray[np.float32],
        text: str,
        k: int,
        where: Where = EVERYWHERE,
    ) -> tuple[Leg, Leg]:
        """The ``k`` best passages by meaning, and the ``k`` best by words."""
        allowed = self._allowed(where)
        dense = Leg(*self._vectors.search(vector, k, allowed))
        return dense, Leg(*self._lexical.search(text, k, allowed))

    def _allowed(self, where: Where) -> NDArray[np.int64] | None:
        if where.articles is None:
            return None
        return self._rows_of(where.articles)

    def _rows_of(self, articles: Collection[str]) -> NDArray[np.int64]:
        wanted = [at for at, id_ in enumerate(self.article_ids) if id_ in articles]
        return self._columns.rows_of(np.array(wanted, np.int64))

    def count_of(self, article_ids: Iterable[str]) -> int:
        """How many passages these articles have together."""
        return len(self._rows_of(frozenset(article_ids)))

    def nearness(self, rows: NDArray[np.int64], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """How near the nearest sentence of each passage comes to ``vector``, ``(len(rows),)``."""
        return self._columns.nearness(rows, vector)

    def fetch(self, rows: NDArray[np.int64]) -> Candidates:
        """The passages of the given rows, in the given order."""
        return self._columns.fetch(rows)

    def document_frequencies(self, terms: Sequence[str]) -> NDArray[np.int64]:
        """In how many passages each term stands, shape ``(len(terms),)``."""
        return np.array([self._lexical.document_frequency(term) for term in terms], np.int64)

    def close(self) -> None:
        """Release files and memory."""
        self._lexical.close()
        self._vectors.close()
        del self._columns


def _about(path: Path) -> dict[str, Any]:
    try:
        about = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedIndexError(path, "it cannot be read") from error
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise DamagedIndexError(path, "it was written by another version of On Record")
    return about
