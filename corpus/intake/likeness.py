"""Whether two texts are nearly the same: shares of their runs of words (shingles, Broder 1997)."""

from __future__ import annotations

import re
from zlib import crc32

from corpus.text import folded

RUN = 5
"""Words in a run."""
KEPT = 4
"""One run in so many is compared, chosen by its hash: enough to tell, at a quarter of the room."""
FEWEST = 12
"""Runs below which shares say nothing."""

Runs = frozenset[int]


def runs_of(text: str) -> Runs:
    """The hashes of the runs of words of ``text`` that are compared."""
    words = re.findall(r"\w+", folded(text))
    hashes = (crc32(" ".join(words[at : at + RUN]).encode()) for at in range(len(words) - RUN + 1))
    return frozenset(value for value in hashes if value % KEPT == 0)


def likeness(one: Runs, other: Runs) -> float:
    """The share, 0 to 1, of the runs of the longer text that the shorter has too."""
    longer = max(len(one), len(other))
    return len(one & other) / longer if longer >= FEWEST else 0.0
