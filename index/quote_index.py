"""Finding quotations: by speaker, topic, article, and by exact or nearly exact words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.engines.lexical import LexicalIndex
from index.engines.vectors import VectorIndex
from index.errors import DamagedIndexError
from index.fusion import fuse
from index.quote_build import OWNERS, QUOTE_VECTORS, QUOTE_WORDS, SHINGLES, shingles
from index.quote_store import QUOTES, QuoteStore
from index.speaker_names import SpeakerNames

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

    from corpus.speakers import Speaker
    from index.quote_store import Quotation

_ON_TOPIC = 0.3
DEPTH = 100
"""Quotations looked at for one topic."""


@dataclass(frozen=True, slots=True)
class Topical:
    """Quotations that fit a topic, best first.

    Attributes:
        rows: their numbers, shape ``(n,)``.
        scores: fused from meaning and words, comparable within one search, shape ``(n,)``.
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
        self._hashes = self._owners = np.empty(0, np.uint32)

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
        lexical, scores = self._lexical.search(text, limit, allowed)
        rows = np.union1d(dense, lexical)
        similarities = _spread(rows, dense, similar, -np.inf)
        missing = rows[~np.isfinite(similarities)]
        if len(missing):
            found, values = self._vectors.search(vector, len(missing), missing)
            similarities[np.searchsorted(rows, found)] = values
        fused = fuse(similarities, _spread(rows, lexical, scores, -np.inf))
        order = np.lexsort((rows, -fused))[:limit]
        near = similarities[order]
        return Topical(rows[order], fused[order], near, near >= _ON_TOPIC)

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
        found = self.store.get([int(row) for row in rows])
        return list(dict.fromkeys(one.utterance for one in found))

    def utterance(self, row: int) -> tuple[Quotation, ...]:
        """The parts of the utterance that begins with ``row``."""
        return self.store.utterance(row)


def _spread(
    rows: NDArray[np.int64], found: NDArray[np.int64], scores: NDArray[np.float32], other: float
) -> NDArray[np.float32]:
    """The score of each of ``rows`` (ascending), ``other`` where it is not among ``found``."""
    spread = np.full(len(rows), other, np.float32)
    spread[np.searchsorted(rows, found)] = scores
    return spread


def _mapped(path: Path) -> NDArray[Any]:
    try:
        mapped: NDArray[Any] = np.load(path, mmap_mode="r")
    except (OSError, ValueError, EOFError) as error:
        raise DamagedIndexError(path, "it cannot be read") from error
    return np.asarray(mapped)
