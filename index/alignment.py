"""Two runs of words laid side by side at the least cost, one of them anywhere in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    #: Positions of a word in the asked and in the source text; ``None`` where it has no partner.
    Pair = tuple[int | None, int | None]

_SKIP = (
    1e-3  # what a source word costs that an ellipsis stands for: little, so the nearest is taken
)
# Of two ways that cost as much, the one that keeps more words is taken.
_CHANGED, _ADDED = 1 + _SKIP, 1 + 2 * _SKIP
_DROPPED = 0.3
"""Leaving out a stretch is one thing done to a quotation, however long the stretch is: its words
cost less than as many changes, or what stands before it would not be taken for the same."""


def align(asked: Sequence[str], source: Sequence[str], gaps: Sequence[bool]) -> list[Pair]:
    """The words of ``asked`` against those of ``source``, from the first to the last that belongs.

    Semi-global alignment (Sellers 1980): source words before and after cost nothing; a word that
    is added or changed costs 1, a dropped one ``_DROPPED``, and one dropped after an ``asked``
    word with a gap next to nothing. Time and memory grow with ``len(asked) * len(source)``, 8
    bytes each.

    Args:
        asked: keys of the words asked about.
        source: keys of the words they may come from.
        gaps: for each of ``asked``, whether an ellipsis follows it.
    """
    numbers = {key: number for number, key in enumerate(dict.fromkeys(source))}
    row = np.array([numbers[key] for key in source], np.int32)
    columns = np.arange(len(source) + 1, dtype=np.float64)
    costs = np.zeros(len(source) + 1, np.float64)
    slopes = columns * _DROPPED, columns * _SKIP
    table = np.empty((len(asked) + 1, len(source) + 1), np.float64)
    table[0] = costs
    for number, key in enumerate(asked):
        changed = (row != numbers.get(key, -1)) * _CHANGED
        best = costs + _ADDED
        np.minimum(best[1:], costs[:-1] + changed, out=best[1:])
        # A run of dropped words: the least of all starts, each with the steps from there.
        slope = slopes[gaps[number]]
        costs = np.minimum.accumulate(best - slope) + slope
        table[number + 1] = costs
    return _traced(table, asked, source)


def _traced(table: NDArray[np.float64], asked: Sequence[str], source: Sequence[str]) -> list[Pair]:
    """The way back through ``table``, from the cheapest end."""
    at, to = len(asked), int(np.argmin(table[-1]))
    pairs: list[Pair] = []
    while at > 0:
        here = table[at, to]
        same = to > 0 and asked[at - 1] == source[to - 1]
        if to > 0 and _is(here, table[at - 1, to - 1] + (0 if same else _CHANGED)):
            at, to = at - 1, to - 1
            pairs.append((at, to))
        elif _is(here, table[at - 1, to] + _ADDED):
            at -= 1
            pairs.append((at, None))
        else:
            to -= 1
            pairs.append((None, to))
    return pairs[::-1]


def _is(one: np.float64, other: float) -> bool:
    return abs(float(one) - float(other)) < _SKIP / 4
