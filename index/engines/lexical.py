"""Passages by their words: BM25 on disk, by tantivy.

Chosen over SQLite FTS5 and bm25s by measurement (``tests/benchmarks/engine.py``): with block-max
WAND it skips what cannot reach the best k, where the others score every passage that shares a
word. BM25 is Robertson's with Lucene's idf, ``k1`` 1.2 and ``b`` .75, which tantivy fixes; the
best of 25 other pairs on half of the SQuAD 2.0 questions gained .004 MRR there and .002 on the
other half. Title, heading and body are one field, since scoring them apart gained nothing.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import tantivy

from index.errors import DamagedIndexError, StorageError
from index.terms import content_terms, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    Hits = tuple[NDArray[np.int64], NDArray[np.float32]]

_ROW, _WORDS = "row", "words"
_FREQUENCIES = "freq"  # what is stored of a word in a passage: how often, not where
_BUFFER = 128_000_000  # bytes that the writer holds before it writes a segment
_MOST_TERMS = 64  # of a question; a longer one is searched by its rarest words
_FEW = 256  # allowed rows up to which asking tantivy for them is the faster way


@dataclass(frozen=True, slots=True)
class LexicalRow:
    """A passage to be found by its words.

    Attributes:
        row: its number in the index.
        text: its words as they stand.
        words: the terms of ``text`` with spaces between, where somebody took it apart already.
    """

    row: int
    text: str
    words: str | None = None


def build(folder: Path, rows: Iterable[LexicalRow]) -> int:
    """Write an index over ``rows`` into the empty or missing ``folder``; returns their count.

    Raises:
        StorageError: if the folder cannot be written to.
    """
    with _storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        # One thread: rows stay in order and the index is the same each time.
        writer = tantivy.Index(_schema(), str(folder)).writer(_BUFFER, 1)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the last one is the result
        document = _document(row)
        with _storing(folder):
            writer.add_document(document)
    with _storing(folder):
        writer.commit()
        writer.wait_merging_threads()
    return count


@contextmanager
def _storing(folder: Path) -> Iterator[None]:
    """Around what tantivy does alone: an error of whoever gives the rows is not the disk's."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise StorageError(folder, error) from error


def joined_terms(text: str) -> str:
    """The terms of ``text`` as the index takes them."""
    return " ".join(terms(text))


def _schema() -> Any:
    schema = tantivy.SchemaBuilder()
    schema.add_unsigned_field(_ROW, indexed=True, fast=True)
    schema.add_text_field(_WORDS, tokenizer_name="whitespace", index_option=_FREQUENCIES)
    return schema.build()


def _document(row: LexicalRow) -> Any:
    document = tantivy.Document()
    document.add_unsigned(_ROW, row.row)
    document.add_text(_WORDS, joined_terms(row.text) if row.words is None else row.words)
    return document


class LexicalIndex:
    """An index written by ``build``, memory-mapped; any number of threads may search it."""

    def __init__(self, searcher: Any, schema: Any) -> None:
        self._searcher = searcher
        self._schema = schema

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """The index in ``folder``; a few milliseconds, whatever its size.

        Raises:
            DamagedIndexError: if there is none, or it is plainly not what was written. Whether
                each byte is as written is not looked at: that is what checksums are for.
        """
        try:
            with _lockable(folder) as place:
                index = tantivy.Index.open(str(place))
                return cls(index.searcher(), index.schema)
        except (OSError, ValueError) as error:
            raise DamagedIndexError(folder, str(error)) from error

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def close(self) -> None:
        """Let go of the files. The index cannot be searched afterwards."""
        self._searcher = None

    def document_frequency(self, term: str) -> int:
        """In how many rows ``term``, one that ``index.terms.terms`` gives, occurs."""
        return int(self._searcher.doc_freq(_WORDS, term))

    def search(self, text: str, k: int, allowed: NDArray[np.int64] | None = None) -> Hits:
        """The at most ``k`` rows that share words with ``text`` and score best by BM25.

        Returns row numbers and scores, best first, equal scores by row. Rows without any of the
        words are not returned. With ``allowed``, only rows among these are.
        """
        wanted = self._wanted(text)
        k = min(k, len(self))
        if not wanted or k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        query = self._any_of(wanted)
        if allowed is None:
            return self._best(query, k)
        if len(allowed) <= _FEW:
            return self._best(self._among(query, allowed), k)
        return self._sifted(query, k, allowed)

    def _wanted(self, text: str) -> Sequence[str]:
        found = content_terms(terms(text))
        if len(found) <= _MOST_TERMS:
            return found
        counted = ((self.document_frequency(term), term) for term in found)
        return [term for _, term in sorted(pair for pair in counted if pair[0])[:_MOST_TERMS]]

    def _any_of(self, wanted: Sequence[str]) -> Any:
        return tantivy.Query.boolean_query(
            [
                (
                    tantivy.Occur.Should,
                    tantivy.Query.term_query(self._schema, _WORDS, term, _FREQUENCIES),
                )
                for term in wanted
            ]
        )

    def _among(self, query: Any, allowed: NDArray[np.int64]) -> Any:
        rows = tantivy.Query.term_set_query(self._schema, _ROW, allowed.tolist())
        return tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, tantivy.Query.boost_query(rows, 0.0)),
                (tantivy.Occur.Must, query),
            ]
        )

    def _sifted(self, query: Any, k: int, allowed: NDArray[np.int64]) -> Hits:
        """The best of the allowed rows, from so many of the best of all as should hold them."""
        likely = min(len(self), 2 * k * len(self) // len(allowed))
        found = self._kept(query, likely, allowed)
        if len(found[0]) < k and likely < len(self):
            found = self._kept(query, len(self), allowed)
        return found[0][:k], found[1][:k]

    def _kept(self, query: Any, depth: int, allowed: NDArray[np.int64]) -> Hits:
        rows, scores = self._best(query, depth)
        kept = np.isin(rows, allowed)
        return rows[kept], scores[kept]

    def _best(self, query: Any, k: int) -> Hits:
        hits = self._searcher.search(query, k, count=False).hits
        addresses = [address for _, address in hits]
        rows = np.array(self._searcher.fast_field_values(_ROW, addresses), np.int64)
        scores = np.array([score for score, _ in hits], np.float32)
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]


@contextmanager
def _lockable(folder: Path) -> Iterator[Path]:
    """``folder``, or links to its files where it is read-only: tantivy locks what it opens."""
    if os.access(folder, os.W_OK) or not folder.is_dir():
        yield folder
        return
    with TemporaryDirectory(prefix="onrecord-") as linked:
        for file in folder.iterdir():
            if file.suffix != ".lock":
                (Path(linked) / file.name).symlink_to(file.resolve())
        yield Path(linked)
