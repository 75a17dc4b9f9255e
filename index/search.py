"""From a question to ranked passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.engine import EVERYWHERE
from index.fusion import fuse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.engine import Candidates, Engine, Leg, Where

DEPTH = 50
"""Passages asked of each leg."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Passages in the order in which they may answer, best first.

    Attributes:
        candidates: the passages and their sentences, in rank order.
        scores: fused score of each passage in [0, 1], shape ``(n,)``, descending.
        similarities: of each sentence with the question, shape ``(m,)``.
    """

    candidates: Candidates
    scores: NDArray[np.float32]
    similarities: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Searcher:
    """Searches one engine."""

    engine: Engine

    def search(
        self,
        text: str,
        vector: NDArray[np.float32],
        limit: int = 10,
        where: Where = EVERYWHERE,
    ) -> Ranked:
        """The ``limit`` passages that fit the question ``text``, whose vector is ``vector``, best.

        Both legs propose passages. The dense score of each is then that of its best sentence:
        sentence vectors, pooled out of the passage's own pass, tell more than the passage's one.
        """
        dense, lexical = self.engine.search(vector, text, DEPTH, where)
        rows = np.union1d(dense.rows, lexical.rows)
        candidates = self.engine.fetch(rows)
        similarities = candidates.vectors @ vector
        scores = fuse(_best(similarities, candidates.owners, len(rows)), _scores(lexical, rows))
        order = np.lexsort((rows, -scores))[:limit]
        return self._ranked(rows, scores, order, vector)

    def _ranked(
        self,
        rows: NDArray[np.int64],
        scores: NDArray[np.float32],
        order: NDArray[np.int64],
        vector: NDArray[np.float32],
    ) -> Ranked:
        candidates = self.engine.fetch(rows[order])
        return Ranked(candidates, scores[order], candidates.vectors @ vector)


def _best(
    similarities: NDArray[np.float32], owners: NDArray[np.int64], count: int
) -> NDArray[np.float32]:
    """The greatest similarity among each passage's sentences, shape ``(count,)``."""
    if not count:
        return np.empty(0, np.float32)
    return np.maximum.reduceat(similarities, np.searchsorted(owners, np.arange(count)))


def _scores(leg: Leg, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """The leg's score of each of ``rows`` (ascending), ``-inf`` where it did not find it."""
    scores = np.full(len(rows), -np.inf, np.float32)
    scores[np.searchsorted(rows, leg.rows)] = leg.scores
    return scores
