"""Finding quotations: by speaker, topic, article, and by exact or nearly exact words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.engines.lexical import LexicalIndex
from index.engines.vectors import VectorIndex
from index.errors import DamagedIndexError
from index.quote_build import (
    CONTEXT,
    OWNERS,
    QUOTE_VECTORS,
    QUOTE_WORDS,
    SHINGLES,
    TERM_ENDS,
    TERMS,
    shingles,
)
from index.quote_store import QUOTES, QuoteStore
from index.rarity import weigh
from index.speaker_names import SpeakerNames
from index.terms import content_terms, terms
from index.tokens import identify

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

    from corpus.speakers import Speaker
    from index.quote_store import Quotation

ON_TOPIC = 0.55
"""Score from which on a quotation is on a topic. Of 42 topics that somebody quoted in the shipped
articles spoke on, all have a quotation above it; of 41 that they did not, none
(``tests/benchmarks/whosaid.py``)."""
_COMMON_WORDS = 0.5
"""Weight of the share of the topic's words that a quotation's sentences have, by rarity."""
_AROUND = 0.4
"""What a word counts that stands in the paragraph or the headings, not in these sentences."""
DEPTH = 100
"""Quotations looked at for one topic."""


@dataclass(frozen=True, slots=True)
class Topical:
    """Quotations that fit a topic, best first.

    Attributes:
        rows: their numbers, shape ``(n,)``.
        scores: from meaning and words, comparable between searches, shape ``(n,)``.
        similarities: inner products with the topic, -1 to 1, shape ``(n,)``.
        fits: whether each is on the topic rather than only the nearest there is, shape ``(n,)``.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]
    similarities: NDArray[np.float32]
    fits: NDArray[np.bool_]


class QuoteIndex:
    """The quotations of one version. Safe to share between threads.

    Attributes:
        store: the quotations by number.
        names: the speakers by name.

    Raises:
        DamagedIndexError: if a file is missing or broken.
    """

    def __init__(self, folder: Path) -> None:
        self.store = QuoteStore(folder / QUOTES)
        self.names = SpeakerNames(self.store.speakers)
        self._vectors = VectorIndex.open(folder / QUOTE_VECTORS)
        self._lexical = LexicalIndex.open(folder / QUOTE_WORDS)
        self._hashes = _mapped(folder / SHINGLES)
        self._owners = _mapped(folder / OWNERS)
        self._terms = _mapped(folder / TERMS)
        self._term_ends = _mapped(folder / TERM_ENDS)

    def __len__(self) -> int:
        """Number of quotations."""
        return len(self.store)

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """The named speakers, most quoted first."""
        return self.store.speakers

    def close(self) -> None:
        """Release files and memory."""
        self.store.close()
        self._vectors.close()
        self._lexical.close()
        del self._hashes, self._owners, self._terms, self._term_ends

    def topic(
        self,
        vector: NDArray[np.float32],
        text: str,
        among: Sequence[int] | None = None,
        limit: int = DEPTH,
    ) -> Topical:
        """The quotations that fit ``text``, whose query vector is ``vector``.

        Args:
            vector: unit vector of the topic.
            text: its words.
            among: the only rows that may be found; ``None`` for all.
            limit: how many at most.
        """
        allowed = None if among is None else np.array(sorted(among), np.int64)
        dense, similar = self._vectors.search(vector, limit, allowed)
        lexical, _ = self._lexical.search(text, limit, allowed)
        rows = np.union1d(dense, lexical)
        near = self._similarities(vector, rows, dense, similar)
        scores = near + _COMMON_WORDS * self._shares(text, rows)
        order = np.lexsort((rows, -scores))[:limit]
        best = scores[order]
        return Topical(rows[order], best, near[order], best >= ON_TOPIC)

    def _similarities(
        self,
        vector: NDArray[np.float32],
        rows: NDArray[np.int64],
        known: NDArray[np.int64],
        similar: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        """Of each of ``rows`` (ascending) with ``vector``; those of ``known`` are ``similar``."""
        near = np.zeros(len(rows), np.float32)
        near[np.searchsorted(rows, known)] = similar
        missing = np.setdiff1d(rows, known)
        if len(missing):
            found, values = self._vectors.search(vector, len(missing), missing)
            near[np.searchsorted(rows, found)] = values
        return near

    def _shares(self, text: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The share of the words of ``text`` that the sentences of each of ``rows`` have."""
        wanted = content_terms(terms(text))
        if not wanted:
            return np.zeros(len(rows), np.float32)
        weights = self.weigh(wanted)
        ids = identify(wanted)
        held = [self._terms_of(int(row)) for row in rows]
        owners = np.repeat(np.arange(len(rows)), [len(one) for one in held])
        every = np.concatenate([np.empty(0, np.uint32), *held])
        shares = np.zeros(len(rows), np.float32)
        for number, weight in zip(ids, weights, strict=True):
            shares[owners[every == number]] += weight
            shares[owners[every == number | CONTEXT]] += _AROUND * weight
        return np.asarray(shares / weights.sum(), np.float32)

    def _terms_of(self, row: int) -> NDArray[np.uint32]:
        start = self._term_ends[row - 1] if row else 0
        return self._terms[start : self._term_ends[row]]

    def sharing(self, keys: Sequence[str], limit: int) -> list[int]:
        """The utterances (rows of their first parts) that share runs of words with ``keys``.

        Those that share most come first; a run counts as often as ``keys`` has it.
        """
        wanted = shingles(keys)
        starts = np.searchsorted(self._hashes, wanted, "left")
        ends = np.searchsorted(self._hashes, wanted, "right")
        runs = [self._owners[start:end] for start, end in zip(starts, ends, strict=True)]
        # Within one run an utterance counts once, however often it says it.
        owners = [np.unique(run) for run in runs if len(run)]
        if not owners:
            return []
        found, counts = np.unique(np.concatenate(owners), return_counts=True)
        order = np.lexsort((found, -counts))[:limit]
        return [int(row) for row in found[order]]

    def with_words(self, text: str, limit: int) -> list[int]:
        """The utterances (rows of their first parts) whose words are likest, best first."""
        rows, _ = self._lexical.search(text, limit)
        return self.store.utterances([int(row) for row in rows])

    def weigh(self, found: Sequence[str]) -> NDArray[np.float32]:
        """How much each of the terms ``found`` tells among quotations, see ``index.rarity``."""
        counts = [self._lexical.document_frequency(term) for term in found]
        return weigh(found, np.array(counts, np.int64), len(self))

    def utterance(self, row: int) -> tuple[Quotation, ...]:
        """The parts of the utterance that begins with ``row``."""
        return self.store.utterance(row)


def _mapped(path: Path) -> NDArray[Any]:
    try:
        mapped: NDArray[Any] = np.load(path, mmap_mode="r")
    except (OSError, ValueError, EOFError) as error:
        raise DamagedIndexError(path, "it cannot be read") from error
    return np.asarray(mapped)
