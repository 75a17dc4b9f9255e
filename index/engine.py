"""What a search engine is to the rest of the project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from corpus.passages import Passage


@dataclass(frozen=True, slots=True)
class Where:
    """Which passages may be found: all conditions that are given must hold.

    Attributes:
        articles: ids of the articles to look in; ``None`` for all.
    """

    articles: frozenset[str] | None = None


EVERYWHERE = Where()


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage with all that an engine keeps of it.

    Attributes:
        article_id: the article that it stands in.
        content_hash: of that article's text.
        passage: its place.
        vector: unit vector of the passage in its context, shape ``(dimension,)``.
        sentence_vectors: unit vectors of its sentences, shape ``(len(sentences), dimension)``.
        context: marked terms of the title and the headings above it.
        tokens: for each sentence, its marked terms, see ``index.tokens.mark``.
        traits: for each sentence, see ``index.tokens.Trait``.
        text: the words of the passage and its context, for the lexical leg.
    """

    article_id: str
    content_hash: str
    passage: Passage
    vector: NDArray[np.float32]
    sentence_vectors: NDArray[np.float32]
    context: NDArray[np.uint32]
    tokens: tuple[NDArray[np.uint32], ...]
    traits: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Leg:
    """What one way of searching found, best first.

    Attributes:
        rows: row numbers of passages, shape ``(found,)``.
        scores: higher is better, shape ``(found,)``; comparable within one leg only.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Some passages with their sentences, in columns.

    Attributes:
        rows: row number of each passage, shape ``(n,)``.
        articles: index of each passage's article in ``article_ids`` of the engine, ``(n,)``.
        spans: start and end in the article's text, ``(n, 2)``.
        owners: for each sentence, the position of its passage in ``rows``, ``(m,)``, ascending.
        sentence_spans: ``(m, 2)``.
        paragraphs: paragraph number of each sentence, ``(m,)``.
        traits: ``index.tokens.Trait`` flags of each sentence, ``(m,)``.
        vectors: unit vectors of the sentences, ``(m, dimension)``.
        tokens: the marked terms of all sentences one after another, ``(t,)``.
        token_owners: for each token, the position of its sentence, ``(t,)``, ascending.
        contexts: the marked terms of the passages' titles and headings, ``(c,)``.
        context_owners: for each of these, the position of its passage, ``(c,)``, ascending.
    """

    rows: NDArray[np.int64]
    articles: NDArray[np.int64]
    spans: NDArray[np.int64]
    owners: NDArray[np.int64]
    sentence_spans: NDArray[np.int64]
    paragraphs: NDArray[np.int64]
    traits: NDArray[np.int64]
    vectors: NDArray[np.float32]
    tokens: NDArray[np.uint32]
    token_owners: NDArray[np.int64]
    contexts: NDArray[np.uint32]
    context_owners: NDArray[np.int64]


class Engine(Protocol):
    """Finds passages by meaning and by words. Made by a builder, never changed afterwards.

    Both legs come back unfused, so that scores, ties and fusion are the same on every engine.
    """

    @property
    def article_ids(self) -> tuple[str, ...]:
        """The articles that have passages here, in the order of ``Candidates.articles``."""
        ...

    @property
    def content_hashes(self) -> tuple[str, ...]:
        """Of each article's text when it was indexed: what its spans count in."""
        ...

    @property
    def size(self) -> int:
        """Number of passages."""
        ...

    def search(
        self,
        vector: NDArray[np.float32],
        text: str,
        k: int,
        where: Where = EVERYWHERE,
    ) -> tuple[Leg, Leg]:
        """The ``k`` best passages by meaning, and the ``k`` best by words."""
        ...

    def count_of(self, article_ids: Iterable[str]) -> int:
        """How many passages these articles have together."""
        ...

    def nearness(self, rows: NDArray[np.int64], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """How near the nearest sentence of each passage comes to ``vector``, ``(len(rows),)``."""
        ...

    def fetch(self, rows: NDArray[np.int64]) -> Candidates:
        """The passages of the given rows, in the given order."""
        ...

    def document_frequencies(self, terms: Sequence[str]) -> NDArray[np.int64]:
        """In how many passages each term stands, shape ``(len(terms),)``."""
        ...

    def close(self) -> None:
        """Release files and memory. The engine cannot be used afterwards."""
        ...
